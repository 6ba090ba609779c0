package importer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
)

// maxListed limits how many mistakes are kept. All are counted.
const maxListed = 1000

// mistakes are the mistakes in a file. As an error, they are of kind Usage.
type mistakes struct {
	source string
	list   []mistake
	count  int64
}

// mistake is a mistake and the number of its row; 0 means the header.
type mistake struct {
	row int64
	failure.Problem
}

// add adds mistakes of a row. Each check adds its mistakes in the order of the rows.
func (m *mistakes) add(row int64, list ...failure.Problem) {
	m.count += int64(len(list))
	for _, one := range list[:min(len(list), max(0, maxListed-len(m.list)))] {
		m.list = append(m.list, mistake{row, one})
	}
}

// merge adds the mistakes of another check, and sorts all by row.
func (m *mistakes) merge(other *mistakes) {
	m.count += other.count
	m.list = append(m.list, other.list...)
	slices.SortStableFunc(m.list, func(a, b mistake) int { return cmp.Compare(a.row, b.row) })
	m.list = m.list[:min(len(m.list), maxListed)]
}

func (m *mistakes) err() error {
	if m.count == 0 {
		return nil
	}
	return m
}

// Error lists the mistakes, one per line.
func (m *mistakes) Error() string {
	if m.count == 1 {
		return m.list[0].String()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d mistakes in %s", m.count, m.source)
	for _, one := range m.list {
		b.WriteString("\n  " + one.String())
	}
	if more := m.count - int64(len(m.list)); more > 0 {
		fmt.Fprintf(&b, "\n  … and %d more", more)
	}
	return b.String()
}

// Listed returns the mistakes one by one.
func (m *mistakes) Listed() []failure.Problem {
	list := make([]failure.Problem, len(m.list))
	for i, one := range m.list {
		list[i] = one.Problem
	}
	return list
}

// FailureKind returns Usage: the user fixes the file.
func (m *mistakes) FailureKind() failure.Kind { return failure.Usage }

// invalid returns the outcome of a row that cannot be sent: the messages of all mistakes,
// and the code of the first.
func invalid(why ...failure.Problem) *ledger.Outcome {
	var sentences []string
	for _, one := range why {
		sentences = append(sentences, one.String())
	}
	return &ledger.Outcome{State: journal.Invalid, Code: cmp.Or(why[0].Code, failure.CodeInvalid), Message: strings.Join(sentences, "; ")}
}

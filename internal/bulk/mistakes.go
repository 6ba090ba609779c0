package bulk

import (
	"fmt"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// maxListed bounds the mistakes that are kept; all of them are counted.
const maxListed = 1000

// mistakes are what is wrong with a file. As an error it is of the kind Usage.
type mistakes struct {
	source string
	list   []failure.Problem
	count  int64
}

func (m *mistakes) add(list ...failure.Problem) {
	m.count += int64(len(list))
	if room := maxListed - len(m.list); len(list) > room {
		list = list[:room]
	}
	m.list = append(m.list, list...)
}

func (m *mistakes) err() error {
	if m.count == 0 {
		return nil
	}
	return m
}

// Error lists the mistakes, a line each.
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

// FailureKind returns Usage: the user mends the file.
func (m *mistakes) FailureKind() failure.Kind { return failure.Usage }

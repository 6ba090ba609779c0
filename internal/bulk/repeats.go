package bulk

import (
	"context"
	"fmt"
	"slices"

	"github.com/bayworks/stockctl/internal/failure"
)

// sighting is a row that went by.
type sighting struct {
	n    int64
	line int
}

// decide does with the rows of repeated records what --duplicates says, when
// there may be any: it reads the file again, and collects all its mistakes anew,
// so that those rows stand in their places among them.
func (p *Plan) decide(ctx context.Context, named *marks[Key]) error {
	if !named.keepTwice() {
		return nil
	}
	var out []int64
	seen := map[uint64]sighting{}
	p.wrong = &mistakes{source: p.source.name}
	err := p.each(ctx, func(v *visit) error {
		if p.wrong.add(v.problems...); len(v.problems) > 0 {
			return nil
		}
		if !named.mayHold(v.row.Key) {
			return nil
		}
		hash, now := named.hash(v.row.Key), sighting{v.row.N, v.row.Line}
		was, again := seen[hash]
		switch {
		case !again:
			seen[hash] = now
		case p.options.Duplicates == DuplicatesFirst:
			out = append(out, now.n)
		case p.options.Duplicates == DuplicatesLast:
			out, seen[hash] = append(out, was.n), now
		default: // none of them is known to be the right one
			out = append(out, was.n, now.n)
			p.wrong.add(repeated(v, was.line))
		}
		return nil
	})
	set := &p.skip
	if p.options.Duplicates == DuplicatesFail {
		set = &p.invalid
	}
	slices.Sort(out)
	for _, n := range out {
		set.Add(n)
	}
	return err
}

// repeated is the mistake of a row whose record a line before it names.
func repeated(v *visit, line int) failure.Problem {
	field, value := v.row.Key.name()
	return failure.Problem{
		Where: v.where(field), Field: field, Value: value,
		What: fmt.Sprintf("is the same record as line %d (--duplicates first or last takes one of them)", line),
	}
}

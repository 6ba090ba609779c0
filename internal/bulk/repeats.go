package bulk

import (
	"context"
	"fmt"
	"slices"

	"github.com/bayworks/stockctl/internal/failure"
)

// decide does with the rows of repeated records what --duplicates says, when
// there may be any: it reads the file again, and collects all its mistakes anew,
// so that those rows stand in their places among them.
func (p *Plan) decide(ctx context.Context, named *marks[Key]) error {
	if !named.keepTwice() {
		return nil
	}
	var out []uint32            // rows
	seen := newSeenTable[Key]() // row and line
	p.wrong = &mistakes{source: p.source.name}
	err := p.each(ctx, func(v *visit) error {
		if p.wrong.add(v.problems...); len(v.problems) > 0 {
			return nil
		}
		if !named.mayHold(v.row.Key) {
			return nil
		}
		n, line := uint32(v.row.N), uint32(v.row.Line)
		was, again := seen.find(v.row.Key)
		switch {
		case !again:
			was.a, was.b = n, line
		case p.options.Duplicates == DuplicatesFirst:
			out = append(out, n)
		case p.options.Duplicates == DuplicatesLast:
			out = append(out, was.a)
			was.a = n
		default: // none of them is known to be the right one
			out = append(out, was.a, n)
			p.wrong.add(repeated(v, was.b))
		}
		return nil
	})
	set := &p.skip
	if p.options.Duplicates == DuplicatesFail {
		set = &p.invalid
	}
	slices.Sort(out)
	for _, n := range out {
		set.Add(int64(n))
	}
	return err
}

// repeated is the mistake of a row whose record a line before it names.
func repeated(v *visit, line uint32) failure.Problem {
	field, value := v.row.Key.name()
	return failure.Problem{
		Where: v.where(field), Field: field, Value: value,
		What: fmt.Sprintf("is the same record as line %d (--duplicates first or last takes one of them)", line),
	}
}

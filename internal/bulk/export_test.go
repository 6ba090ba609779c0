package bulk

import "context"

// DecideForTest is what --duplicates does when a record is suspected to be named
// more than once.
func (p *Plan) DecideForTest(ctx context.Context, suspected Key) error {
	named := newMarks[Key]()
	named.add(suspected)
	named.add(suspected)
	return p.decide(ctx, named)
}

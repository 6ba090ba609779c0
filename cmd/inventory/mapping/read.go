package mapping

import (
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
)

// Describe prints on stderr how a file was read: its format, what is ignored, and its
// size, followed by the text rows.
func Describe(a *app.App, p *importer.Plan, rows string) {
	a.Note("%s is %s", p.Source(), p.Dialect)
	for _, remark := range p.Remarks {
		a.Note("%s", remark)
	}
	a.Note("%s%s", p.Size(), rows)
}

// LeaveOut writes the invalid rows to a separate file, and returns the failure of a
// command that processes the other rows. again is what to do with the invalid rows once
// they are fixed, such as "count".
func LeaveOut(p *importer.Plan, named, dir, again string) (invalid, err error) {
	if p == nil || p.Invalid() == 0 {
		return nil, nil
	}
	name, err := p.WriteRejects(named, dir)
	if err != nil {
		return nil, err
	}
	return failure.New(failure.Partial, "%s: %s skipped as invalid", p.Source(), failure.Count(p.Invalid(), "row was", "rows were")).
		Hint("fix them in %s, and %s that", name, again), nil
}

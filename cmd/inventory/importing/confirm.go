package importing

import (
	"context"
	"fmt"
	"time"

	"github.com/bayworks/stockctl/cmd/inventory/mapping"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
)

// describePlan prints on stderr how the file was read and how long sending takes.
func describePlan(a *app.App, p *importer.Plan) {
	mapping.Describe(a, p, fmt.Sprintf(", mode %s%s", p.Mode(), p.Parts()))
	a.Note("%s to profile %s, about %s", failure.Count(p.Requests(), "request", "requests"), a.Target(), roughly(p.Estimate()))
}

func roughly(d time.Duration) string {
	if d < time.Second {
		return "a second"
	}
	return d.Round(time.Second).String()
}

// confirmImport asks on a terminal. Elsewhere, a live key or a profile with confirm needs
// --yes.
func confirmImport(ctx context.Context, a *app.App, p *importer.Plan) error {
	if p.Requests() == 0 {
		return nil
	}
	title := fmt.Sprintf("Send %s of %s to %s?", failure.Count(p.Requests(), "row", "rows"), p.Source(), a.Target())
	if yes, err := a.ConfirmMany(ctx, title, "this import writes", "add --yes"); err != nil || yes {
		return err
	}
	return failure.ErrCancelled
}

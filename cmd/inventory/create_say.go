package inventory

import (
	"fmt"
	"strings"

	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/settle"
)

// announce prints on stderr what happened and where.
func (o *createOptions) announce(made settle.Creation, where target) {
	r := made.Record
	defer o.remind()
	name := fmt.Sprintf("%s at %s", item(*r), lookup.Label(where.warehouse))
	switch {
	case made.Outcome == settle.Already && made.Adjusted != 0:
		o.app.Note("already exists: on hand of %s set to %s by an adjustment of %+d%s", name, show.Quantity(r.OnHandQty), made.Adjusted, o.profileNote())
	case made.Outcome == settle.Already:
		o.app.Note("already exists: %s, %s on hand%s", name, show.Quantity(r.OnHandQty), o.profileNote())
	case made.Confirmed && len(made.Differences) > 0:
		o.app.Done("created %s%s (confirmed: the first response was lost; stock moved since)", name, o.profileNote())
		return
	case made.Confirmed:
		o.app.Done("created %s%s (confirmed: the first response was lost)", name, o.profileNote())
	default:
		o.app.Done("created %s, %s on hand%s", name, show.Quantity(r.OnHandQty), o.profileNote())
	}
	if len(made.Differences) > 0 {
		o.app.Note("differs from the request: %s; the API cannot change these fields", settle.Describe(made.Differences))
	}
}

// profileNote returns a note with the profile that was written to.
func (o *createOptions) profileNote() string { return o.app.Written() }

// remind says that no real stock was touched.
func (o *createOptions) remind() {
	if c, err := o.app.Config(); err == nil && c.IsSandbox() {
		o.app.Note("this is the sandbox: no real stock was touched")
	}
}

// item returns the name of a record's item: its code, or the ids of the product and its
// SKU.
func item(r api.Record) string {
	if r.SKUCode != nil {
		return *r.SKUCode
	}
	if r.SKUID == "" {
		return r.ProductID
	}
	return strings.Join([]string{r.ProductID, r.SKUID}, "/")
}

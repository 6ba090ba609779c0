package settle_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/settle"
)

// A dry run says what a create would find and do, and sends nothing.
func TestPredict(t *testing.T) {
	const differs = "the inventory record p/s@w differs: onHandQty is 45, not 50"
	for name, c := range map[string]struct {
		policy   settle.Policy
		records  string // "" for none
		status   int    // of reading them
		exists   bool
		adjusted int64
		says     string
		failed   failure.Kind // of reading them
	}{
		"none":             {policy: settle.Same},
		"the same":         {policy: settle.Same, records: "50", exists: true},
		"another quantity": {policy: settle.Same, records: "45", exists: true, says: differs},
		"skip":             {policy: settle.Skip, records: "45", exists: true},
		"set":              {policy: settle.Set, records: "45", exists: true, adjusted: 5},
		"set, less":        {policy: settle.Set, records: "52", exists: true, adjusted: -2},
		"set, the same":    {policy: settle.Set, records: "50", exists: true},
		"set, unknown":     {policy: settle.Set, records: "null", exists: true, says: "the inventory record p/s@w already exists, and the API does not report its quantity on hand, so it was not set"},
		"unreadable":       {policy: settle.Set, records: "50", status: 403, failed: failure.Permission},
	} {
		d := openDesk(t)
		d.readsFail = c.status
		if c.records != "" {
			record := d.fullRecord(`"onHandQty":50`, `"onHandQty":`+c.records)
			d.records = func() string { return "[" + record + "]" }
		}
		got, exists, err := d.settler.Predict(t.Context(), full(), c.policy)
		said := ""
		if got.Err != nil {
			said = got.Err.Error()
		}
		if exists != c.exists || got.Adjusted != c.adjusted || said != c.says || (got.Record != nil) != c.exists {
			t.Errorf("%s: got exists %t and %+v, want %+v", name, exists, got, c)
		}
		if (err != nil) != (c.failed != "") || err != nil && failure.KindOf(err) != c.failed {
			t.Errorf("%s: got %v, want the kind %q", name, err, c.failed)
		}
		if d.count("POST")+d.count("PATCH") != 0 {
			t.Errorf("%s: something was sent", name)
		}
	}
}

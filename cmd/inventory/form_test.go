package inventory

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/iostreams"
	"github.com/bayworks/stockctl/internal/prompt"
	"github.com/bayworks/stockctl/internal/settle"
)

// person answers the questions of a form in order, and notes what was asked.
type person struct {
	t       *testing.T
	answers []string // "TITLE: ANSWER"
	asked   []string
	offered map[string][]string // labels and suggestions by title
}

// next answers a question. An answer that the question does not take is told,
// and the next one is tried, as a person would.
func (p *person) next(title string, valid func(string) error) (string, error) {
	p.asked = append(p.asked, title)
	for len(p.answers) > 0 {
		want, answer, _ := strings.Cut(p.answers[0], ": ")
		p.answers = p.answers[1:]
		if want != title {
			p.t.Errorf("asked for %q, expected %q", title, want)
		}
		if answer == "^C" {
			return "", failure.ErrCancelled
		}
		if valid == nil || valid(answer) == nil {
			return answer, nil
		}
		p.asked = append(p.asked, "✗ "+valid(answer).Error())
	}
	p.t.Fatalf("asked for %q, and nobody answers", title)
	return "", nil
}

func (p *person) Input(_ context.Context, q prompt.Question) (string, error) {
	p.offered[q.Title] = q.Suggestions
	return p.next(q.Title, q.Validate)
}

func (p *person) Secret(_ context.Context, q prompt.Question) (string, error) {
	return p.next(q.Title, q.Validate)
}

func (p *person) Select(_ context.Context, q prompt.Choice) (string, error) {
	for _, o := range q.Options {
		p.offered[q.Title] = append(p.offered[q.Title], o.Label)
	}
	return p.next(q.Title, nil)
}

func (p *person) Confirm(_ context.Context, title string, def bool) (bool, error) {
	if def {
		p.t.Errorf("%q takes a bare Enter for a yes", title)
	}
	answer, err := p.next(title, nil)
	return answer == "yes", err
}

// sandboxApp is an app on the sandbox profile whose terminal is a person.
func sandboxApp(t *testing.T, p *person) (a *app.App, stdout, stderr *bytes.Buffer) {
	t.Helper()
	streams, _, stdout, stderr := iostreams.Test()
	streams.InTTY, streams.ErrTTY = true, true
	a = app.New(streams, app.Build{})
	dir := t.TempDir()
	env := map[string]string{"HOME": dir, "STOCKCTL_PROFILE": "sandbox"}
	a.LookupEnv = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	a.Flags = pflag.NewFlagSet("", pflag.ContinueOnError)
	if p != nil {
		p.t, p.offered = t, map[string][]string{}
		a.Prompter = p
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a, stdout, stderr
}

func TestFormAsksForWhatIsMissing(t *testing.T) {
	for name, test := range map[string]struct {
		given   []givenField
		answers []string
		asked   []string
		record  string // as `inventory get` would find it: onHand location level
	}{
		"everything, a simple product": {
			answers: []string{"Product: prod_new", "SKU: ", "Warehouse: wh_def456", "Initial quantity: 1.5", "Initial quantity: 5", "Location: A-1", "Reorder level: -1", "Reorder level: 2", "Reorder quantity: ", "Create this record?: yes"},
			asked:   []string{"Product", "SKU", "Warehouse", "Initial quantity", "✗ must be a whole number, not 1.5", "Location", "Reorder level", "✗ must be 0 or more", "Reorder quantity", "Create this record?"},
			record:  "prod_new/@wh_def456 5 A-1 map[]",
		},
		"a product with variants": {
			answers: []string{"Product: prod_bundle_202", "Product: prod_phone_789", "SKU: sku_red_256gb", "Warehouse: wh_def456", "Initial quantity: 0", "Location: ", "Reorder level: ", "Reorder quantity: ", "Create this record?: yes"},
			asked:   []string{"Product", "Product", "SKU", "Warehouse", "Initial quantity", "Location", "Reorder level", "Reorder quantity", "Create this record?"},
			record:  "prod_phone_789/sku_red_256gb@wh_def456 0  map[Color:Red Storage:256GB]",
		},
		"what flags gave is not asked": {
			given:   []givenField{{draft.ProductID, "--product", "prod_new"}, {draft.SKUID, "--sku", "s"}, {draft.Location, "--location", "Z"}, {draft.InitialQty, "--initial-qty", "3"}, {draft.ReorderLevel, "--reorder-level", "0"}},
			answers: []string{"Warehouse: wh_def456", "Reorder quantity: ", "Create this record?: yes"},
			asked:   []string{"Warehouse", "Reorder quantity", "Create this record?"},
			record:  "prod_new/s@wh_def456 3 Z map[]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := &person{answers: test.answers}
			a, _, stderr := sandboxApp(t, p)
			if err := runCreate(t.Context(), &createOptions{app: a, fields: test.given, ifExists: settle.Fail}); err != nil {
				t.Fatalf("%v\n%s", err, stderr)
			}
			if diff := cmp.Diff(test.asked, p.asked); diff != "" {
				t.Error(diff)
			}
			if got := found(t, a, test.record); got != test.record {
				t.Errorf("created %s, want %s", got, test.record)
			}
		})
	}
}

// found reads back the record that a test wants.
func found(t *testing.T, a *app.App, want string) string {
	t.Helper()
	product, _, _ := strings.Cut(want, "/")
	client, err := a.API(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list, err := client.RecordsOf(t.Context(), product, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		location := ""
		if r.Location != nil {
			location = *r.Location
		}
		line := fmt.Sprintf("%s/%s@%s %d %s %v", r.ProductID, r.SKUID, r.WarehouseID, *r.OnHandQty, location, r.VariantAttributes)
		if r.WarehouseID == "wh_def456" {
			return line
		}
	}
	return "nothing"
}

func TestFormOffersWhatTheAPIHas(t *testing.T) {
	p := &person{answers: []string{"Product: prod_phone_789", "SKU: sku_red_256gb", "Warehouse: ^C"}}
	a, stdout, _ := sandboxApp(t, p)
	err := runCreate(t.Context(), &createOptions{app: a, ifExists: settle.Fail})
	if failure.KindOf(err) != failure.Interrupted || stdout.Len() > 0 {
		t.Errorf("Ctrl-C ended with %v and %q on stdout", err, stdout)
	}
	want := map[string][]string{
		"Product":   {"prod_phone_789", "prod_abc123", "prod_ebook_101"},
		"SKU":       {"PHONE-RED-128  sku_red_128gb  Color=Red, Storage=128GB", "PHONE-RED-256  sku_red_256gb  Color=Red, Storage=256GB", "PHONE-BLUE-128  sku_blue_128gb  Color=Blue, Storage=128GB", "PHONE-BLUE-256  sku_blue_256gb  Color=Blue, Storage=256GB"},
		"Warehouse": {"LGS-01  Lagos Main (default)", "ABJ-01  Abuja"},
	}
	if diff := cmp.Diff(want, p.offered); diff != "" {
		t.Error(diff)
	}
	if got := found(t, a, "prod_phone_789/"); got != "nothing" {
		t.Errorf("Ctrl-C left %s behind", got)
	}
}

// A no creates nothing; --yes is not asked; --dry-run shows and sends nothing.
func TestFormConfirms(t *testing.T) {
	given := []givenField{{draft.ProductID, "--product", "prod_abc123"}, {draft.WarehouseID, "--warehouse", "ABJ-01"}, {draft.Location, "--location", "A"}, {draft.ReorderLevel, "--reorder-level", "1"}, {draft.ReorderQty, "--reorder-qty", "1"}}
	for name, test := range map[string]struct {
		answers []string
		yes     bool
		dryRun  bool
		kind    failure.Kind
		made    bool
	}{
		"no":      {answers: []string{"Initial quantity: 4", "Create this record?: no"}, kind: failure.Interrupted},
		"--yes":   {answers: []string{"Initial quantity: 4"}, yes: true, made: true},
		"dry run": {answers: []string{"Initial quantity: 4"}, dryRun: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := &person{answers: test.answers}
			a, _, stderr := sandboxApp(t, p)
			a.Yes = test.yes
			err := runCreate(t.Context(), &createOptions{app: a, fields: given, ifExists: settle.Fail, dryRun: test.dryRun})
			if test.kind == "" && err != nil || test.kind != "" && failure.KindOf(err) != test.kind {
				t.Errorf("got %v, want %s", err, test.kind)
			}
			if made := found(t, a, "prod_abc123/") != "nothing"; made != test.made {
				t.Errorf("created: %t, want %t", made, test.made)
			}
			if !strings.Contains(stderr.String(), "initial quantity  4") || !strings.Contains(stderr.String(), "warehouse         ABJ-01  Abuja") {
				t.Errorf("the preview is %s", stderr)
			}
		})
	}
}

// Mistakes are told before anybody is asked.
func TestFormDoesNotAskOverMistakes(t *testing.T) {
	a, _, _ := sandboxApp(t, &person{})
	err := runCreate(t.Context(), &createOptions{app: a, fields: []givenField{{draft.InitialQty, "--initial-qty", "x"}}, ifExists: settle.Fail})
	if want := `--initial-qty "x": must be a whole number, not x`; failure.KindOf(err) != failure.Usage || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

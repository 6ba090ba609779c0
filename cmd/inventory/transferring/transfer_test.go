package transferring

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/inventory/inventorytest"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
)

// oneTransfer returns the command for a single transfer.
func oneTransfer(a *app.App, run func(context.Context, *transferOptions) error) *cobra.Command {
	return newTransferCmd(a, run, runTransferFile)
}

func TestTransferFlags(t *testing.T) {
	got, err := inventorytest.Parse(t, oneTransfer, "p/s", "--from", "a", "--to", "b", "--qty", "3", "--notes", "n")
	if want := (transferOptions{item: "p/s", from: "a", to: "b", qty: "3", notes: "n"}); err != nil || *got != want {
		t.Errorf("got %+v and the error %v, want %+v", got, err, want)
	}
	end, err := inventorytest.Parse(t, newTransferResumeCmd)
	if want := (transferEndOptions{}); err != nil || *end != want {
		t.Errorf("got %+v and the error %v, want %+v", end, err, want)
	}
	end, err = inventorytest.Parse(t, newTransferUndoCmd, "tr_x")
	if want := (transferEndOptions{reference: "tr_x"}); err != nil || *end != want {
		t.Errorf("got %+v and the error %v, want %+v", end, err, want)
	}
	if _, err := inventorytest.Parse(t, newTransferUndoCmd); err == nil {
		t.Error("undo needs no reference")
	}
	for _, line := range []string{"", "a b"} {
		if _, err := inventorytest.Parse(t, oneTransfer, strings.Fields(line)...); err == nil {
			t.Errorf("%q was accepted", line)
		}
	}
}

// On a terminal, missing values are prompted for, with the records to choose from, and
// nothing moves before a yes.
func TestTransferAsks(t *testing.T) {
	for name, test := range map[string]struct {
		opts    transferOptions
		answers []string
		asked   []string
		offered map[string][]string
		yes     bool
		kind    failure.Kind // "" for moved
	}{
		"everything": {
			answers: []string{"From: wh_abc123", "To: wh_def456", "Quantity: 0", "Quantity: 500", "Quantity: 12", "Move this stock?: yes"},
			asked:   []string{"From", "To", "Quantity", "✗ must be 1 or more", "✗ only 120 are available in LGS-01", "Move this stock?"},
			offered: map[string][]string{
				"From":     {"LGS-01  Lagos Main (default)  120 on hand, 120 available", "ABJ-01  Abuja  50 on hand, 50 available"},
				"To":       {"ABJ-01  Abuja  50 on hand, 50 available"},
				"Quantity": nil,
			},
		},
		"the other end only": {
			opts: transferOptions{to: "abj-01", qty: "12"}, answers: []string{"From: wh_abc123", "Move this stock?: yes"}, asked: []string{"From", "Move this stock?"},
			offered: map[string][]string{"From": {"LGS-01  Lagos Main (default)  120 on hand, 120 available"}},
		},
		"a no": {
			opts:    transferOptions{from: "LGS-01", to: "ABJ-01", qty: "12"},
			answers: []string{"Move this stock?: no", "Change an answer, or quit: quit"},
			asked:   []string{"Move this stock?", "Change an answer, or quit"},
			offered: map[string][]string{"Change an answer, or quit": {"From               LGS-01", "To                 ABJ-01", "Quantity           12", "quit without sending anything"}},
			kind:    failure.Interrupted,
		},
		"a no that changes an answer": {
			opts:    transferOptions{from: "LGS-01", to: "ABJ-01", qty: "11"},
			answers: []string{"Move this stock?: no", "Change an answer, or quit: Quantity", "Quantity: 121", "Quantity: 12", "Move this stock?: yes"},
			asked:   []string{"Move this stock?", "Change an answer, or quit", "Quantity", "✗ only 120 are available in LGS-01", "Move this stock?"},
			offered: map[string][]string{
				"Change an answer, or quit": {"From               LGS-01", "To                 ABJ-01", "Quantity           11", "quit without sending anything"},
				"Quantity":                  nil,
			},
		},
		"back from the quantity": {
			answers: []string{"From: wh_abc123", "To: wh_def456", "Quantity: <", "To: <", "From: wh_abc123", "To: wh_def456", "Quantity: 12", "Move this stock?: yes"},
			asked:   []string{"From", "To", "Quantity", "To", "From", "To", "Quantity", "Move this stock?"},
			offered: map[string][]string{
				"From": {
					"LGS-01  Lagos Main (default)  120 on hand, 120 available", "ABJ-01  Abuja  50 on hand, 50 available",
					"LGS-01  Lagos Main (default)  120 on hand, 120 available", "ABJ-01  Abuja  50 on hand, 50 available",
				},
				"To":       {"ABJ-01  Abuja  50 on hand, 50 available", "ABJ-01  Abuja  50 on hand, 50 available", "ABJ-01  Abuja  50 on hand, 50 available"},
				"Quantity": nil,
			},
		},
		"--yes": {opts: transferOptions{from: "LGS-01", to: "ABJ-01", qty: "12"}, yes: true, offered: map[string][]string{}},
	} {
		t.Run(name, func(t *testing.T) {
			p := &inventorytest.Person{Answers: test.answers}
			a, _, stderr := inventorytest.App(t, p)
			a.Yes = test.yes
			client, err := a.API(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			qty := int64(50)
			if _, err := client.CreateRecord(t.Context(), api.CreateRecord{ProductID: "prod_abc123", WarehouseID: "wh_def456", InitialQty: &qty}); err != nil {
				t.Fatal(err)
			}
			opts := test.opts
			opts.app, opts.item = a, "prod_abc123"
			err = runTransfer(t.Context(), &opts)
			if test.kind == "" && err != nil || test.kind != "" && failure.KindOf(err) != test.kind {
				t.Errorf("got %v, want %q", err, test.kind)
			}
			if diff := cmp.Diff(test.asked, p.Asked); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.offered, p.Offered); diff != "" {
				t.Error(diff)
			}
			want := "prod_abc123/@wh_def456 62  map[]"
			if test.kind != "" {
				want = "prod_abc123/@wh_def456 50  map[]"
			}
			if got := inventorytest.Found(t, a, "prod_abc123/"); got != want {
				t.Errorf("there is %s, want %s", got, want)
			}
			if preview := "\n  from      LGS-01, on hand 120 → 108\n  to        ABJ-01, on hand 50 → 62\n"; !test.yes && !strings.Contains(stderr.String(), preview) {
				t.Errorf("the preview is %s", stderr)
			}
		})
	}
}

// The preview of a transfer of real stock says so in red.
func TestPreviewShowsRealStock(t *testing.T) {
	a, _, stderr := inventorytest.App(t, nil)
	env := map[string]string{"HOME": t.TempDir(), "STOCKCTL_MERCHANT_API_KEY": "pk_live_0123456789abcdef"}
	a.LookupEnv = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	r := route{transferOptions: &transferOptions{app: a}}
	r.preview()
	if want := "profile   default \x1b[1;31m(LIVE)\x1b[0m\n"; !strings.Contains(stderr.String(), want) {
		t.Errorf("the preview is %q", stderr)
	}
}

// A transfer that cannot be made is refused before any further question.
func TestTransferNeedsTwoRecords(t *testing.T) {
	p := &inventorytest.Person{Answers: []string{"SKU: sku_red_256gb"}}
	a, _, _ := inventorytest.App(t, p)
	err := runTransfer(t.Context(), &transferOptions{app: a, item: "prod_phone_789"})
	if want := "prod_phone_789/sku_red_256gb has an inventory record in LGS-01 only"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if want := "stockctl inventory create --product prod_phone_789 --sku sku_red_256gb --warehouse CODE"; !strings.Contains(failure.HintOf(err), want) {
		t.Errorf("hint %q lacks %q", failure.HintOf(err), want)
	}
	if diff := cmp.Diff([]string{"SKU"}, p.Asked); diff != "" {
		t.Error(diff)
	}
}

// An undo asks for consent, too.
func TestUndoAsks(t *testing.T) {
	p := &inventorytest.Person{Answers: []string{"Move this stock?: yes"}}
	a, _, _ := inventorytest.App(t, p)
	client, err := a.API(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	qty := int64(50)
	if _, err := client.CreateRecord(t.Context(), api.CreateRecord{ProductID: "prod_abc123", WarehouseID: "wh_def456", InitialQty: &qty}); err != nil {
		t.Fatal(err)
	}
	if err := runTransfer(t.Context(), &transferOptions{app: a, item: "prod_abc123", from: "LGS-01", to: "ABJ-01", qty: "12"}); err != nil {
		t.Fatal(err)
	}
	reference := ""
	for m, err := range client.Movements().All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		reference = m.Reference
		break
	}
	title := "Undo transfer " + reference + " and move 12 of prod_abc123 from ABJ-01 back to LGS-01?"
	for _, answer := range []string{"no", "yes"} {
		p.Answers = []string{title + ": " + answer}
		err := runTransferUndo(t.Context(), &transferEndOptions{app: a, reference: reference})
		if (answer == "yes") != (err == nil) {
			t.Errorf("answer %s: got %v, want an error only after no", answer, err)
		}
	}
	if got := inventorytest.Found(t, a, "prod_abc123/"); got != "prod_abc123/@wh_def456 50  map[]" {
		t.Errorf("there is %s", got)
	}
}

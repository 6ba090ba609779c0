package settle_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/settle"
)

// Existing logs contain these tokens: with another value, a file from yesterday would
// be applied twice. Never make this test pass by changing a literal.
func TestTokensOfLogsAlreadyWrittenNeverChange(t *testing.T) {
	for id, want := range map[string]string{
		"":                 "v5kxb5",
		"nightly":          "ufjjzb",
		"01JD9Z5W2K7QX4MC": "d5msbn",
		"b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9": "7vgfpy",
	} {
		if got := settle.Tag(id); got != want {
			t.Errorf("import %q has the tag %s, want %s", id, got, want)
		}
	}
	for _, row := range []struct {
		record, action string
		qty            int64
		reference      string
		n              int
		want           string
	}{
		{"inv_1", "SOLD", -3, "PO-1", 1, "czz2wh4mmkzu"},
		{"inv_xyz789", "RECEIVED", 100, "", 1, "cumdomdr7sf3"},
		{"inv_xyz789", "RECEIVED", 100, "", 2, "a3kmyn4mrsxd"},
		{"inv_é/7 B", "ADJUSTED", -2147483648, "Lieferung 7/Ü", 300, "zhst6devuddf"},
		{"prod_abc123\x00\x00wh_abc123", "DAMAGED", 2147483647, "", 1, "xsmjtogngff3"},
	} {
		if got := settle.RowTag(row.record, row.action, row.qty, row.reference, row.n); got != row.want {
			t.Errorf("%+v has the tag %s", row, got)
		}
	}
	if got := settle.Token("ufjjzb", "czz2wh4mmkzu"); got != "sc1-ufjjzb-czz2wh4mmkzu" {
		t.Errorf("got %s, want %q", got, "sc1-ufjjzb-czz2wh4mmkzu")
	}
}

// Tokens are recognised and split; any other text is rejected.
func TestSplitToken(t *testing.T) {
	tag, row, ok := settle.SplitToken("sc1-ufjjzb-czz2wh4mmkzu")
	if tag != "ufjjzb" || row != "czz2wh4mmkzu" || !ok {
		t.Errorf("got %s, %s, %v", tag, row, ok)
	}
	for _, text := range []string{
		"", "sc1-", "sc2-ufjjzb-czz2wh4mmkzu", "sc1-ufjjzb+czz2wh4mmkzu", "sc1-ufjjz1-czz2wh4mmkzu", "sc1-ufjjzb-czz2wh4mmkz0",
		"sc1-ufjjzb-czz2wh4mmkz", "sc1-ufjjzb-czz2wh4mmkzuu", "SC1-UFJJZB-CZZ2WH4MMKZU", " sc1-ufjjzb-czz2wh4mmkz",
	} {
		if tag, row, ok := settle.SplitToken(text); ok || tag != "" || row != "" {
			t.Errorf("%q was split: %q, %q", text, tag, row)
		}
	}
	for notes, want := range map[string]string{
		"[sc1-ufjjzb-czz2wh4mmkzu]":      "sc1-ufjjzb-czz2wh4mmkzu",
		"[sc1-ufjjzb-czz2wh4mmkzu] wet":  "sc1-ufjjzb-czz2wh4mmkzu",
		"[sc1-ufjjzb-czz2wh4mmkzu":       "",
		"(sc1-ufjjzb-czz2wh4mmkzu]":      "",
		"[sc1-ufjjzb-czz2wh4mmkzuu] wet": "",
		"[sc1-ufjjzb-czz2wh4mmkz ] wet":  "",
		"":                               "",
	} {
		if got := settle.TokenOf(api.Movement{Reference: "PO-1", Notes: notes}); got != want {
			t.Errorf("notes %q hold %q, want %q", notes, got, want)
		}
	}
}

// The token must not replace the user's reference or notes.
func TestATokenIsCarriedNextToWhatTheUserWrote(t *testing.T) {
	const token = "sc1-ufjjzb-czz2wh4mmkzu"
	for _, c := range []struct{ reference, notes, carriedReference, carriedNotes string }{
		{"", "", token, ""},
		{"", "wet", token, "wet"},
		{"PO-1", "", "PO-1", "[" + token + "]"},
		{"PO-1", "wet", "PO-1", "[" + token + "] wet"},
	} {
		if reference, notes := settle.Carry(token, c.reference, c.notes); reference != c.carriedReference || notes != c.carriedNotes {
			t.Errorf("%q and %q are sent as %q and %q", c.reference, c.notes, reference, notes)
		}
	}
}

// Each movement must have a unique token, even if it equals another one; otherwise the
// log could confirm the wrong one. The test compares the complete body of each verb.
func TestEveryMovementCarriesAFreshToken(t *testing.T) {
	d := openDesk(t)
	adjust := func(reference, notes string) settle.Movement {
		return d.settler.Adjust(t.Context(), "inv_1", api.Adjustment{Qty: -3, Action: "SOLD", Reference: reference, Notes: notes})
	}
	reserve := func(reference, notes string) settle.Movement {
		return d.settler.Reserve(t.Context(), "inv_1", api.Reservation{Qty: 3, Reference: reference, Notes: notes})
	}
	release := func(reference, notes string) settle.Movement {
		return d.settler.Release(t.Context(), "inv_1", api.Reservation{Qty: 3, Reference: reference, Notes: notes})
	}
	form := regexp.MustCompile(`^sc1-[a-z2-7]{6}-[a-z2-7]{12}$`)
	seen := map[string]bool{}
	for name, verb := range map[string]struct {
		send func(reference, notes string) settle.Movement
		path string
		head string
	}{
		"adjust":  {adjust, "PATCH /v1/inventory/inv_1/adjust", `{"qty":-3,"action":"SOLD",`},
		"reserve": {reserve, "PATCH /v1/inventory/inv_1/reserve", `{"qty":3,`},
		"release": {release, "PATCH /v1/inventory/inv_1/release", `{"qty":3,`},
	} {
		for _, c := range []struct{ reference, notes, tail string }{
			{"", "", `"reference":"TOKEN"}`},
			{"", "", `"reference":"TOKEN"}`},
			{"", "wet", `"reference":"TOKEN","notes":"wet"}`},
			{"PO-1", "", `"reference":"PO-1","notes":"[TOKEN]"}`},
			{"PO-1", "wet", `"reference":"PO-1","notes":"[TOKEN] wet"}`},
		} {
			got := verb.send(c.reference, c.notes)
			if got.Err != nil || got.Confirmed || !form.MatchString(got.Token) || seen[got.Token] {
				t.Errorf("%s: %v, confirmed %t, token %q, sent before %t", name, got.Err, got.Confirmed, got.Token, seen[got.Token])
			}
			seen[got.Token] = true
			sent := d.lastWrite()
			if want := verb.path + " " + verb.head + strings.ReplaceAll(c.tail, "TOKEN", got.Token); sent != want {
				t.Errorf("%s sent\n%s\nwant\n%s", name, sent, want)
			}
		}
	}
}

// Each verb searches for its own token, record and quantity.
func TestALostMovementOfEachVerbIsFoundByItsToken(t *testing.T) {
	for name, send := range map[string]func(d *desk, reference string) settle.Movement{
		"adjust": func(d *desk, reference string) settle.Movement {
			return d.settler.Adjust(t.Context(), "inv_1", api.Adjustment{Qty: -3, Action: "SOLD", Reference: reference})
		},
		"reserve": func(d *desk, reference string) settle.Movement {
			return d.settler.Reserve(t.Context(), "inv_1", api.Reservation{Qty: 3, Reference: reference})
		},
		"release": func(d *desk, reference string) settle.Movement {
			return d.settler.Release(t.Context(), "inv_1", api.Reservation{Qty: 3, Reference: reference})
		},
	} {
		for _, reference := range []string{"", "PO-1"} {
			d := openDesk(t)
			d.write = func(http.ResponseWriter) { panic(http.ErrAbortHandler) }
			d.log = func(sent string) [][]string {
				return [][]string{{entry("log_1", "inv_1", -3, d.at(0), carried(sent))}}
			}
			got := send(d, reference)
			if got.Err != nil || !got.Confirmed || got.Record != nil {
				t.Errorf("%s, reference %q: %v, confirmed %t", name, reference, got.Err, got.Confirmed)
			}
			if len(d.waits) != 0 {
				t.Errorf("%s: a token in the log must be found immediately, not after %v", name, d.waits)
			}

			// Without a token the entry may be this movement, but does not confirm it.
			hidden := `"reference":null,"notes":null`
			if reference != "" {
				hidden = `"reference":"PO-1","notes":null`
			}
			d.log = func(string) [][]string { return [][]string{{entry("log_1", "inv_1", 3, d.at(0), hidden)}} }
			unknown(t, send(d, reference).Err, "the movement log contains a similar movement without a token, which may be this one")
		}
	}
}

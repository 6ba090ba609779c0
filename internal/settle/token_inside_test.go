package settle

import (
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
)

func TestTokensAreDerived(t *testing.T) {
	base := RowTag("inv_1", "SOLD", -3, "PO-1", 1)
	token := Token(Tag("nightly"), base)
	if len(token) != tokenLength || !strings.HasPrefix(token, "sc1-") {
		t.Fatalf("got %s, want %d characters that begin with sc1-", token, tokenLength)
	}
	tag, row, ok := SplitToken(token)
	if !ok || tag != Tag("nightly") || row != base {
		t.Errorf("SplitToken(%s) = %s, %s, %v", token, tag, row, ok)
	}
	others := map[string]string{
		"record":    RowTag("inv_2", "SOLD", -3, "PO-1", 1),
		"action":    RowTag("inv_1", "DAMAGED", -3, "PO-1", 1),
		"qty":       RowTag("inv_1", "SOLD", 3, "PO-1", 1),
		"reference": RowTag("inv_1", "SOLD", -3, "", 1),
		"n":         RowTag("inv_1", "SOLD", -3, "PO-1", 2),
		"border":    RowTag("inv_1S", "OLD", -3, "PO-1", 1),
	}
	for what, other := range others {
		if other == base {
			t.Errorf("another %s makes the same token", what)
		}
	}
	if again := RowTag("inv_1", "SOLD", -3, "PO-1", 1); again != base {
		t.Error("the same row makes another token")
	}
}

func TestTokensAreFoundInEntries(t *testing.T) {
	token := Token(Tag("a"), RowTag("r", "SOLD", 1, "", 1))
	for name, test := range map[string]struct {
		entry api.Movement
		want  string
	}{
		"reference":  {api.Movement{Reference: token}, token},
		"notes":      {api.Movement{Reference: "PO-1", Notes: "[" + token + "]"}, token},
		"with notes": {api.Movement{Reference: "PO-1", Notes: "[" + token + "] fell"}, token},
		"not first":  {api.Movement{Notes: "fell [" + token + "]"}, ""},
		"bare notes": {api.Movement{Notes: token}, ""},
		"other case": {api.Movement{Reference: strings.ToUpper(token)}, ""},
		"longer":     {api.Movement{Reference: token + "x"}, ""},
		"none":       {api.Movement{Notes: "["}, ""},
	} {
		if got := TokenOf(test.entry); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
	if got := TokenOf(api.Movement{Reference: newToken()}); got == "" {
		t.Error("the token of a single movement is one, too")
	}
}

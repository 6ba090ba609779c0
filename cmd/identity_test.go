package cmd_test

import (
	"strings"
	"testing"
)

// A text that a spreadsheet or a program leaves in place of an id creates no record, unless
// the store has exactly that id. Invisible text creates none either.
func TestAnIdentityIsNeverGuessed(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"#N/A", "NULL", "nan", `="00123"`, "'00123", "123.0"} {
		server, u := newShop(t)
		code, _, errOut := u.run(t, t.Context(), "inventory", "create", "--product", id, "--warehouse", "LGS-01", "--initial-qty", "1")
		if code != 2 || !strings.Contains(errOut, " is ") && !strings.Contains(errOut, " begins ") || len(server.received()) > 0 {
			t.Errorf("create %s: exit %d, want 2, sent %v\n%s", id, code, server.received(), errOut)
		}
		file := u.file(t, "rows.csv", "productId,warehouseId,initialQty\n\""+strings.ReplaceAll(id, `"`, `""`)+"\",LGS-01,1\n")
		if code, _, errOut := u.run(t, t.Context(), "inventory", "import", file); code != 2 || len(server.received()) > 0 {
			t.Errorf("import %s: exit %d, want 2\n%s", id, code, errOut)
		}
	}
	for name, args := range map[string]string{
		"location":  "inventory create --product prod_a --warehouse LGS-01 --initial-qty 1 --location A\u200b1",
		"attribute": "inventory create --product prod_a --warehouse LGS-01 --initial-qty 1 --attribute Color=R\u200bed",
		"reference": "inventory adjust prod_abc123@LGS-01 --qty 1 --action received --reference P\ufeffO",
	} {
		server, u := newShop(t)
		if code, _, errOut := u.run(t, t.Context(), strings.Fields(args)...); code != 2 || !strings.Contains(errOut, "contains an invisible character (U+") || len(server.received()) > 0 {
			t.Errorf("%s: exit %d, want 2, sent %v\n%s", name, code, server.received(), errOut)
		}
	}
}

// A shelf and a reference identify nothing, so spaces around them are removed, with a note.
func TestBlanksAroundAShelf(t *testing.T) {
	server, u := newShop(t)
	code, _, errOut := u.run(t, t.Context(), "inventory", "create", "--product", "prod_a", "--warehouse", "LGS-01", "--initial-qty", "1", "--location", " A 1 ")
	sent := server.received()
	if code != 0 || !strings.Contains(errOut, "removed the spaces around the location (--location)\n") ||
		len(sent) != 1 || !strings.Contains(sent[0].body, `"location":"A 1"`) {
		t.Errorf("exit %d and sent %v, want the location A 1 sent, and a note\n%s", code, sent, errOut)
	}
	code, _, errOut = u.run(t, t.Context(), "inventory", "adjust", "prod_abc123@LGS-01", "--qty", "1", "--action", "received", "--reference", " PO-7 ")
	if sent := server.received(); code != 0 || !strings.Contains(errOut, "removed the spaces around the reference\n") || len(sent) != 2 || !strings.Contains(sent[1].body, `"reference":"PO-7"`) {
		t.Errorf("exit %d, want 0, sent %v\n%s", code, sent, errOut)
	}
}

// An attribute that a record has twice is a mistake, in any form.
func TestAnAttributeTwice(t *testing.T) {
	for name, text := range map[string]string{
		"rows.csv":   "productId,warehouseId,initialQty,variantAttributes\nprod_a,LGS-01,1,\"{\"\"Color\"\":\"\"Red\"\",\"\"Color\"\":\"\"Blue\"\"}\"\n",
		"pairs.csv":  "productId,warehouseId,initialQty,variantAttributes\nprod_a,LGS-01,1,Color=Red;Color=Blue\n",
		"rows.jsonl": `{"productId":"prod_a","warehouseId":"LGS-01","initialQty":1,"variantAttributes":{"Color":"Red","Color":"Blue"}}`,
	} {
		server, u := newShop(t)
		if code, _, errOut := u.run(t, t.Context(), "inventory", "import", u.file(t, name, text)); code != 2 || len(server.received()) > 0 {
			t.Errorf("%s: exit %d, want 2, sent %v\n%s", name, code, server.received(), errOut)
		}
	}
}

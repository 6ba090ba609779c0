package cmd_test

import (
	"strings"
	"testing"
)

// A flag that takes one of several values suggests the one that was probably meant, in any
// case and in every command.
func TestValuesOfFlagsAreSuggested(t *testing.T) {
	server, u := newShop(t)
	const rows = "productId,warehouseId,initialQty\nprod_new,LGS-01,7\n"
	file := u.file(t, "rows.csv", rows)
	for line, want := range map[string]string{
		"inventory adjust TOTE-CANVAS@LGS-01 --qty 1 --action recevied":                          "did you mean --action RECEIVED?",
		"inventory logs --action recevied":                                                       "no movement has the action RECEVIED: did you mean RECEIVED?",
		"inventory create --product prod_new --warehouse LGS-01 --initial-qty 1 --if-exists sme": "did you mean --if-exists same?",
		"inventory import FILE --mode crate":                                                     "did you mean --mode create?",
		"inventory import FILE --if-exists skp":                                                  "did you mean --if-exists skip?",
		"inventory import FILE --if-moved aply":                                                  "did you mean --if-moved apply?",
		"inventory import FILE --mode adjust --known skipp":                                      "did you mean --known skip?",
		"inventory import FILE --duplicates frist":                                               "did you mean --duplicates first?",
		"inventory import FILE --blank skpi":                                                     "did you mean --blank skip?",
		"inventory import FILE --format cvs":                                                     "did you mean --format csv?",
		"inventory import FILE --mode create --encoding shiftjs":                                 "did you mean --encoding shift-jis?",
		"inventory count FILE --encoding cp580 --warehouse LGS-01":                               "did you mean --encoding cp850?",
		"inventory import FILE --mode create --encoding utf8 --format jsonl":                     "",
		"inventory import template --mode ajust":                                                 "did you mean --mode adjust?",
		"inventory count FILE --warehouse LGS-01 --if-moved dleta":                               "did you mean --if-moved delta?",
		"inventory export x.csv --for coutn":                                                     "did you mean --for count?",
		"inventory history TOTE-CANVAS@LGS-01 --by dya":                                          "did you mean --by day?",
		"inventory low-stock --notify --webhook-form slakc":                                      "did you mean --webhook-form slack?",
		"inventory list --sort availabelQty":                                                     "did you mean --sort availableQty?",
		"inventory list -o jsno":                                                                 "did you mean --output json?",
		"inventory list --color alwayz":                                                          "did you mean --color always?",
		"warehouse create --name Kano --type ownd":                                               "did you mean --type OWNED?",
		"product list --type simpel":                                                             "did you mean --type SIMPLE?",
		"auth login --store keyrng":                                                              "did you mean --store keyring?",
		"inventory adjust TOTE-CANVAS@LGS-01 --qty=-5 --action received":                         "",
		"inventory adjust TOTE-CANVAS@LGS-01 --qty 1 --action somethingelse":                     "",
		"inventory adjust TOTE-CANVAS@LGS-01 --qty 1 --action reserved":                          "",
		"inventory adjust TOTE-CANVAS@LGS-01 --qty one --action received":                        "",
		"inventory create --product p --warehouse w --initial-qty x -o json":                     "",
		"inventory import FILE --mode create --known skip --if-exists replace":                   "",
	} {
		wantCode := 2
		if strings.HasPrefix(line, "inventory logs") { // no movement has this action
			wantCode = 0
		}
		code, out, errOut := u.run(t, t.Context(), strings.Fields(strings.ReplaceAll(line, "FILE", file))...)
		if code != wantCode || want != "" && !strings.Contains(errOut, want) || want == "" && strings.Contains(errOut, "did you mean") {
			t.Errorf("%s: exit %d, want %q\n%s%s", line, code, want, out, errOut)
		}
	}
	if sent := server.received(); len(sent) > 0 {
		t.Errorf("sent %v", sent)
	}
}

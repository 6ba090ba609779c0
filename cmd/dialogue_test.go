package cmd_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// On a terminal, import asks about the columns of an unknown file, shows the command with
// the same effect, and can save the answers as a layout.
func TestPromptsForColumns(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no pty")
	}
	bin, home := build(t), t.TempDir()
	for name, text := range map[string]string{
		"lager.csv":    "Artikel;Text;Anzahl;Fach;Lieferant;Land\nTOTE-CANVAS;Tasche;12;A-03;Meyer;DE\n",
		"lager-2.csv":  "Artikel;Text;Anzahl;Fach;Lieferant;Land\nMUG-ENAMEL;Becher;3;A-04;Meyer;DE\n",
		"shelf.csv":    "Article,Remark,Seen\nMUG-ENAMEL,ok,9\n",
		"moves.csv":    "Article,Origin,Target,Pieces\nMUG-ENAMEL,LGS-01,ABJ-01,1\n",
		"wide.csv":     "Code,LGS-01,ABJ-01\nPHONE-RED-256,4,5\n",
		"words.csv":    "Code,LGS-01 (qty),ABJ-01 (qty)\nPHONE-RED-256,4,5\n",
		"kept.csv":     "sku,warehouseId,initialQty,colour\nMUG-ENAMEL,ABJ-01,1,red\n",
		"place.csv":    "sku,Location,initialQty\nTOTE-CANVAS,ABJ-01,2\n",
		"no-items.csv": "Colour,Quantity\nred,1\n",
	} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in := func(command string) []string {
		words := shellWords(command)
		for i, word := range words {
			if strings.HasSuffix(word, ".csv") {
				words[i] = filepath.Join(home, word)
			}
		}
		return words
	}
	for _, c := range []struct{ name, command, answers, want string }{
		{
			name: "every answer is in the command", command: "inventory import lager.csv",
			answers: "create\nsku\n_\ninitialQty\nlocation\nthe rest\nABJ-01\ny\nLager\nlager\ny\n",
			want: "lager.csv --map Artikel=sku --map Anzahl=initialQty --map Fach=location --fill warehouseId=ABJ-01 --ignore-unknown\n" +
				"|a layout's name must consist of lower-case letters, digits, - and _, not \"Lager\"|layouts/lager.yaml: --layout lager uses it|1 applied",
		},
		{name: "the layout reads the next file", command: "inventory import lager-2.csv --layout lager --dry-run", want: "MUG-ENAMEL@ABJ-01|1 to create"},
		{
			name: "an answer is changed", command: "inventory import lager.csv --dry-run --rate 3",
			answers: "set\nsku\nthe rest\n<\n_\nonHandQty\nthe rest\nABJ-01\nn\n",
			want:    "lager.csv --dry-run --rate 3 --mode set --map Artikel=sku --map Anzahl=onHandQty --fill warehouseId=ABJ-01 --ignore-unknown\n|dry run: ",
		},
		{
			name: "the guess comes first", command: "inventory import kept.csv --mode create --dry-run", answers: "\nn\n",
			want: "What is \"colour\" (red)?|   1  ignore this column|kept.csv --dry-run --ignore-unknown\n|1 to create",
		},
		{
			name: "a location may be a warehouse", command: "inventory import place.csv --mode create --dry-run", answers: "\nn\n",
			want: "What is \"Location\" (ABJ-01)?|   1  warehouseId |place.csv --dry-run --map Location=warehouseId\n|TOTE-CANVAS@ABJ-01",
		},
		{
			name: "a location may be a shelf", command: "inventory import place.csv --mode create --dry-run", answers: "location\nLGS-01\nn\n",
			want: "place.csv --dry-run --map Location=location --fill warehouseId=LGS-01\n|TOTE-CANVAS@LGS-01",
		},
		{
			name: "what is still missing can be answered", command: "inventory import no-items.csv --mode adjust",
			answers: "_\nqty\nABJ-01\nColour\nsku\nquit\n",
			want:    "no column for productId (or sku, barcode, productName) and action|Change an answer, or quit|no column for action|error: cancelled: nothing was sent",
		},
		{
			name: "stop", command: "inventory import lager.csv --mode set", answers: "stop\n",
			want: "error: |no column for productId|hint: try `stockctl inventory import",
		},
		{
			name: "stop at the first question", command: "inventory import lager.csv", answers: "stop\n",
			want: "error: |no column for productId|hint: try `stockctl inventory import",
		},
		{
			name: "a column for each warehouse", command: "inventory import wide.csv --mode create --dry-run", answers: "sku\n\n\nn\n",
			want: "LGS-01=initialQty@LGS-01 --map ABJ-01=initialQty@ABJ-01\n|2 writes from 1 row",
		},
		{
			name: "a column for each warehouse, with a word", command: "inventory import words.csv --mode create --dry-run", answers: "sku\n\n\nn\n",
			want: "--map 'LGS-01 (qty)=initialQty@LGS-01' --map 'ABJ-01 (qty)=initialQty@ABJ-01'\n|2 writes from 1 row",
		},
		{
			name: "a count", command: "inventory count shelf.csv --warehouse LGS-01 --dry-run", answers: "\n_\ncountedQty\nn\n",
			want: "shelf.csv --dry-run --warehouse LGS-01 --map Article=sku --map Seen=countedQty --ignore-unknown\n|MUG-ENAMEL",
		},
		{
			name: "a file of transfers", command: "inventory transfer -f moves.csv --dry-run", answers: "\n\n\nqty\nn\n",
			want: "transfer -f HOME/moves.csv --dry-run --map Article=sku --map Origin=from --map Target=to --map Pieces=qty\n" +
				"|moves.csv:2:12 from \"LGS-01\": has no inventory record of MUG-ENAMEL",
		},
		{
			name: "a table of create", command: "inventory create -f kept.csv --dry-run", answers: "\nn\n",
			want: "create -f HOME/kept.csv --dry-run --ignore-unknown\n|1 to create",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			screen := typed(t, bin, home, c.answers+"\x04", in(c.command)...)
			flat := strings.NewReplacer("\r\n", "\n", home, "HOME").Replace(screen)
			for want := range strings.SplitSeq(c.want, "|") {
				if !strings.Contains(oneLine(flat), oneLine(want)) { // lines end at another word with another path
					t.Errorf("the screen lacks %q", want)
				}
			}
			if t.Failed() {
				t.Log(flat)
			}
		})
	}
}

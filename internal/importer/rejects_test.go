package importer_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/stock"
)

// A refused row keeps its text, even one that could not be read. That one is refused
// again until its columns are filled in.
func TestRejectsKeepTheText(t *testing.T) {
	for name, one := range map[string]struct{ text, want, fixed string }{
		"ragged.csv": {
			"productId,warehouseId,initialQty\np1,ABJ-01,1,000\np2,ABJ-01,7\n",
			"_line,_n,_state,_code,_error,_raw,productId,warehouseId,initialQty\n" +
				"2,,invalid,torn_row,\"FILE:2:13: has 4 cells, the header has 3 columns\",\"p1,ABJ-01,1,000\",,,\n",
			"_line,_n,_state,_code,_error,_raw,productId,warehouseId,initialQty\n,,,,,,p1,ABJ-01,1000\n",
		},
		"quoted.csv": {
			"productId;warehouseId;initialQty;location\r\n\"p1\";\"ABJ-01\";x;\"A\"\"1\r\n2\"\r\np2;ABJ-01;7;\r\n",
			"_line;_n;_state;_code;_error;_raw;productId;warehouseId;initialQty;location\n" +
				"2;;invalid;invalid;\"FILE:2:15 initialQty \"\"x\"\": must be a whole number, not x; FILE:2:17 " +
				"location \"\"A\\\"\"1\\n2\"\": contains a control character\";;\"p1\";\"ABJ-01\";x;\"A\"\"1\r\n2\"\r\n",
			"",
		},
		"formula.csv": {
			"productId,warehouseId,initialQty\n=p1,ABJ-01\np2,ABJ-01,7\n",
			"_line,_n,_state,_code,_error,_raw,productId,warehouseId,initialQty\n" +
				"2,,invalid,torn_row,\"FILE:2:5: has 2 cells, the header has 3 columns\",\"'=p1,ABJ-01\",,,\n",
			"",
		},
		"two.jsonl": {
			`{"productId":"p1","warehouseId":"ABJ-01","initialQty":5}{"productId":"p3","warehouseId":"ABJ-01","initialQty":6}` + "\n" +
				`{"productId":"p2","warehouseId":"ABJ-01","initialQty":7}` + "\n",
			`{"_line":"1","_n":"","_state":"invalid","_code":"torn_row","_error":"FILE:1:57: text follows the object: begin each object on a new line",` +
				`"_raw":"{\"productId\":\"p1\",\"warehouseId\":\"ABJ-01\",\"initialQty\":5}{\"productId\":\"p3\",\"warehouseId\":\"ABJ-01\",\"initialQty\":6}"}` + "\n",
			"",
		},
		"twice.jsonl": {
			`{"productId":"p1","warehouseId":"ABJ-01","initialQty":5,"initialQty":6}` + "\n" + `{"productId":"p2","warehouseId":"ABJ-01","initialQty":7}` + "\n",
			`{"_line":"1","_n":"","_state":"invalid","_code":"torn_row","_error":"FILE:1:57: duplicate key \"initialQty\"",` +
				`"_raw":"{\"productId\":\"p1\",\"warehouseId\":\"ABJ-01\",\"initialQty\":5,\"initialQty\":6}"}` + "\n",
			"",
		},
		"literal.jsonl": {
			`{ "productId" : "p1","warehouseId":"ABJ-01", "initialQty": 1.50 }` + "\n" + `{"productId":"p2","warehouseId":"ABJ-01","initialQty":7}` + "\n",
			`{"_line":"1","_n":"","_state":"invalid","_code":"invalid","_error":"FILE:1:60 initialQty \"1.50\": must be a whole number, not 1.50","_raw":"",` +
				`"productId" : "p1","warehouseId":"ABJ-01", "initialQty": 1.50 }` + "\n",
			"",
		},
		"list.json": {
			"[{\"productId\":\"p1\",\n\"warehouseId\":\"ABJ-01\", \"initialQty\":1.50},\n{\"productId\":\"p2\",\"warehouseId\":\"ABJ-01\",\"initialQty\":7}]",
			`{"_line":"1","_n":"","_state":"invalid","_code":"invalid","_error":"FILE:2:38 initialQty \"1.50\": must be a whole number, not 1.50","_raw":"",` +
				`"productId":"p1","warehouseId":"ABJ-01","initialQty":1.50}` + "\n",
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := openShop(t, sandbox.Options{}, nil)
			o := options(s.File(name, one.text), stock.Create)
			o.SkipInvalid = true
			got, err := s.Run(o)
			if got == nil || got.Counts != (ledger.Counts{Applied: 1, Invalid: 1}) || s.Stock()["p2@wh_def456"] != 7 {
				t.Fatalf("got %v and %+v, want 1 applied and 1 invalid row, and 7 on hand of p2", err, got)
			}
			text := strings.ReplaceAll(read(t, got.Rejects), o.File, "FILE")
			if text != one.want {
				t.Errorf("the rejects are\n%s\nnot\n%s", text, one.want)
			}
			// Unchanged, the rejects are refused again, and the record is not created.
			o.File = got.Rejects
			again, err := s.Run(o)
			if _, made := s.Stock()["p1@wh_def456"]; err == nil || made {
				t.Fatalf("%v: %+v, %v", err, again, s.Stock())
			}
			o.SkipInvalid = false
			if one.fixed != "" {
				must(t, os.WriteFile(o.File, []byte(one.fixed), 0o600))
				again, err = s.Run(o)
				if must(t, err); again.Counts.Applied != 1 || s.Stock()["p1@wh_def456"] != 1000 {
					t.Errorf("importing the fixed rejects: got %+v, want 1 row applied", again)
				}
			}
		})
	}
}

// The rejects of a rejects file have our columns only once, and the same record.
func TestRejectsOfRejects(t *testing.T) {
	s := openShop(t, sandbox.Options{}, nil)
	o := options(s.File("rows.csv", "productId,warehouseId,initialQty\n=p1,ABJ-01\np2,ABJ-01,\"x\"\np3,ABJ-01,7\n"), stock.Create)
	o.SkipInvalid = true
	got, err := s.Run(o)
	if got == nil || got.Counts.Invalid != 2 {
		t.Fatal(err, got)
	}
	first := read(t, got.Rejects)
	must(t, os.WriteFile(got.Rejects, []byte(first+",,,,,,p4,ABJ-01,8\n"), 0o600))
	o.File = got.Rejects
	got, err = s.Run(o)
	if got == nil || got.Counts != (ledger.Counts{Applied: 1, Invalid: 2}) {
		t.Fatal(err, got)
	}
	lines := strings.Split(strings.TrimSpace(read(t, got.Rejects)), "\n")
	if len(lines) != 3 || lines[0] != strings.Split(first, "\n")[0] || !strings.HasSuffix(lines[1], `,"'=p1,ABJ-01",,,`) || !strings.HasSuffix(lines[2], `,,p2,ABJ-01,"x"`) {
		t.Errorf("first\n%s\nthen\n%s", first, strings.Join(lines, "\n"))
	}
}

// However many sessions a run takes, its refused rows are in one file, each of them once.
// That includes a row that was written before the process was killed and so is not in the
// journal.
func TestOneRejectsFile(t *testing.T) {
	s := openShop(t, sandbox.Options{}, nil)
	header, rows, _ := strings.Cut(opening(50), "\n")
	text := header + "\nbad_1,ABJ-01,x,\n" + rows + "bad_2,ABJ-01,x,\n"
	for _, edited := range []bool{false, true} {
		o := options(s.File("rows.csv", text), stock.Create)
		o.SkipInvalid = true
		plan, err := importer.Check(t.Context(), s.Env, o)
		must(t, err)
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("stop"))
		got, err := plan.Run(ctx)
		if got == nil || got.Finished {
			t.Fatal(err, got)
		}
		name := got.Rejects
		if edited {
			must(t, os.WriteFile(name, []byte("mine now"), 0o600))
		} else { // what is left if the process is killed while it writes a row
			must(t, os.WriteFile(name, []byte(read(t, name)+"53,,inv"), 0o600))
		}
		got, err = s.Resume(got.Run)
		if got == nil || !got.Finished {
			t.Fatal(err, got)
		}
		if edited {
			if read(t, name) != "mine now" {
				t.Error("it overwrote a file that was changed")
			}
			continue
		}
		if now := read(t, name); got.Rejects != name || len(got.AllRejects) != 1 || strings.Count(now, "\n") != 3 || strings.Count(now, "bad_1") != 1 || strings.Count(now, "bad_2") != 1 {
			t.Errorf("got the rejects files %v and\\n%s\\nwant one file with one line for each bad row", got.AllRejects, now)
		}
	}
}

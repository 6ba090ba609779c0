package ledger_test

import (
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/stock"
)

// made returns a plan of rows made by one.
func made(t testing.TB, mode stock.Mode, rows int, one func(i int) ledger.Write) ledger.Plan {
	t.Helper()
	w, err := ledger.NewPlan(filepath.Join(t.TempDir(), "plan-1"), mode)
	must(t, err)
	for i := range rows {
		row := one(i)
		must(t, w.Add(&row))
	}
	p, err := w.Close()
	must(t, err)
	return p
}

// random makes rows with every field, from the shortest to the longest values.
func random(mode stock.Mode) func(i int) ledger.Write {
	r := rand.New(rand.NewPCG(1, uint64(len(mode))))
	text := func(name string) string {
		switch r.IntN(5) {
		case 0:
			return ""
		case 1:
			return name + strings.Repeat("ü", r.IntN(200))
		case 2:
			return name + strconv.Itoa(r.IntN(10_000))
		}
		return name + strconv.Itoa(r.IntN(3))
	}
	qty := func() *int64 {
		n := r.Int64N(1<<40) - 1<<39
		return []*int64{nil, new(int64), &n}[r.IntN(3)]
	}
	return func(i int) ledger.Write {
		w := ledger.Write{
			N: int64(2*i + 1), Line: 3*i - r.IntN(3), Source: ledger.Span{Offset: int64(90*i + r.IntN(9)), Length: r.IntN(90), Column: 1 + r.IntN(2)},
		}
		w.Key = stock.Key{Address: stock.Address{Product: text("p"), SKU: text("s"), Warehouse: text("w")}}
		if r.IntN(2) == 0 {
			w.Key = stock.Key{Record: text("r")}
		}
		switch mode {
		case stock.Create:
			w.Create = api.CreateRecord{
				ProductID: w.Key.Product, SKUID: w.Key.SKU, WarehouseID: w.Key.Warehouse,
				InitialQty: qty(), ReorderLevel: qty(), ReorderQty: qty(), Location: text("l"),
			}
			if r.IntN(4) == 0 {
				w.Create.VariantAttributes = map[string]string{"Color": text("c"), "Size": "10\" \t"}
			}
		case stock.Adjust:
			w.Record, w.Occurrence = text("inv"), r.IntN(3)
			w.Change = api.Adjustment{Qty: r.Int64() - r.Int64(), Action: text("SOLD"), Reference: text("po"), Notes: text("n")}
		default:
			w.Record, w.Want, w.Seen = text("inv"), r.Int64(), r.Int64()
		}
		if mode != stock.Create && r.IntN(3) > 0 {
			for range 12 {
				w.Tag += string("abcdefghijklmnopqrstuvwxyz234567"[r.IntN(32)])
			}
		}
		if r.IntN(5) == 0 {
			w.Decided = &ledger.Outcome{State: journal.State(r.IntN(7)), Code: text("code"), Message: text("why")}
		}
		return w
	}
}

// A plan returns every field of every row unchanged.
func TestPlanKeepsEveryField(t *testing.T) {
	const rows = 12_000 // more than fit into a dictionary or a block
	for _, mode := range []stock.Mode{stock.Create, stock.Adjust, stock.Set} {
		var want []ledger.Write
		next := random(mode)
		p := made(t, mode, rows, func(i int) ledger.Write {
			want = append(want, next(i))
			return want[i]
		})
		must(t, p.Check())
		var decided journal.Stats
		i := 0
		must(t, p.Each(func(w *ledger.Write) error {
			if !reflect.DeepEqual(*w, want[i]) {
				t.Fatalf("%s: row %d is\n%+v\nnot\n%+v", mode, i, *w, want[i])
			}
			if w.Decided != nil {
				decided[w.Decided.State]++
			}
			i++
			return nil
		}))
		if i != rows || p.Rows != rows || decided != p.Decided {
			t.Errorf("%s: %d rows, sealed as %+v, decided %v", mode, i, p.Sealed, decided)
		}
	}
}

// The plan keeps every field of a create request. Otherwise an import would omit the
// field.
func TestPlanKeepsEveryFieldOfACreate(t *testing.T) {
	for i := range reflect.TypeFor[api.CreateRecord]().NumField() {
		var want ledger.Write
		field := reflect.ValueOf(&want.Create).Elem().Field(i)
		name := reflect.TypeFor[api.CreateRecord]().Field(i).Name
		n := int64(7)
		switch field.Interface().(type) {
		case string:
			field.SetString("x")
		case *int64:
			field.Set(reflect.ValueOf(&n))
		case map[string]string:
			field.Set(reflect.ValueOf(map[string]string{"Color": "Red"}))
		default:
			t.Fatalf("add how %s is filled", name)
		}
		want.N, want.Line = 1, 2
		want.Key = stock.Key{Address: stock.Address{Product: want.Create.ProductID, SKU: want.Create.SKUID, Warehouse: want.Create.WarehouseID}}
		p := made(t, stock.Create, 1, func(int) ledger.Write { return want })
		must(t, p.Each(func(w *ledger.Write) error {
			if !reflect.DeepEqual(*w, want) {
				t.Errorf("the plan does not keep %s: %+v", name, w.Create)
			}
			return nil
		}))
	}
}

// A plan may have no rows.
func TestEmptyPlan(t *testing.T) {
	p := made(t, stock.Set, 0, nil)
	must(t, p.Check())
	must(t, p.Each(func(*ledger.Write) error { return errors.New("a row") }))
}

// A sealed plan that was changed by one bit, cut or extended is detected.
func TestSeal(t *testing.T) {
	p := made(t, stock.Adjust, 50, random(stock.Adjust))
	whole, err := os.ReadFile(p.Path)
	must(t, err)
	must(t, p.Check())
	damaged := map[string][]byte{"cut": whole[:len(whole)-1], "longer": append(append([]byte{}, whole...), 0), "empty": nil}
	for i := 0; i < len(whole); i += 7 {
		bad := append([]byte{}, whole...)
		bad[i] ^= 1 << (i % 8)
		damaged["bit "+strconv.Itoa(i)] = bad
	}
	for name, text := range damaged {
		must(t, os.WriteFile(p.Path, text, 0o600))
		if err := p.Check(); err == nil || err.Error() != "the plan is not the one that was sealed" {
			t.Errorf("%s: got %v, want %q", name, err, "the plan is not the one that was sealed")
		}
	}
}

// Reading a damaged plan never returns a wrong row, and never ends without an error.
func TestDamagedPlanIsNotRead(t *testing.T) {
	const rows = 1500
	for _, mode := range []stock.Mode{stock.Create, stock.Adjust, stock.Set} {
		var want []ledger.Write
		next := random(mode)
		p := made(t, mode, rows, func(i int) ledger.Write {
			want = append(want, next(i))
			return want[i]
		})
		whole, err := os.ReadFile(p.Path)
		must(t, err)
		r := rand.New(rand.NewPCG(3, 4))
		for i := range 60 {
			at := r.IntN(len(whole))
			if i < 12+20 { // the heads are only a few bytes
				at = i
			}
			bad := append([]byte{}, whole...)
			if bad[at] ^= 1 << r.IntN(8); r.IntN(3) == 0 {
				bad = bad[:at]
			}
			must(t, os.WriteFile(p.Path, bad, 0o600))
			n := 0
			err := p.Each(func(w *ledger.Write) error {
				if n%50 == 0 && !reflect.DeepEqual(*w, want[n]) {
					t.Errorf("%s: damaged at %d, row %d is %+v", mode, at, n, *w)
				}
				n++
				return nil
			})
			if err == nil || errors.Is(err, io.EOF) {
				t.Errorf("%s: damaged at %d of %d, but %d rows were read without an error", mode, at, len(whole), n)
			}
		}
	}
}

// A plan is small, because values that rows share are written once.
func TestPlanIsSmall(t *testing.T) {
	const rows = 50_000
	create := made(t, stock.Create, rows, func(i int) ledger.Write {
		n, level := int64(100+i%900), int64(5)
		key := stock.Key{Address: stock.Address{Product: "prod_" + strconv.Itoa(1_000_000+i), SKU: "sku_red_256gb", Warehouse: "wh_def456"}}
		return ledger.Write{N: int64(i + 1), Line: i + 2, Source: ledger.Span{Offset: int64(50 * i), Length: 50, Column: 1}, Key: key, Create: api.CreateRecord{
			ProductID: key.Product, SKUID: key.SKU, WarehouseID: key.Warehouse, InitialQty: &n, ReorderLevel: &level, Location: "B-" + strconv.Itoa(i%90),
		}}
	})
	adjust := made(t, stock.Adjust, rows, func(i int) ledger.Write {
		id := "inv_" + strconv.Itoa(1_000_000+i)
		return ledger.Write{
			N: int64(i + 1), Line: i + 2, Source: ledger.Span{Offset: int64(24 * i), Length: 24, Column: 1}, Key: stock.Key{Record: id},
			Record: id, Change: api.Adjustment{Qty: 5, Action: "RECEIVED"}, Occurrence: 1, Tag: "abcdefgh2345",
		}
	})
	for _, p := range []ledger.Plan{create, adjust} {
		if each := p.Size / rows; each > 40 {
			t.Errorf("%s: %d bytes a row", p.Mode, each)
		}
	}
}

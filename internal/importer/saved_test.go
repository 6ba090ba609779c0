package importer_test

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/stock"
)

// save checks a file and saves its plan.
func (s *shop) save(mode stock.Mode, text string) string {
	s.T.Helper()
	path := filepath.Join(s.T.TempDir(), "a.plan")
	plan, err := importer.Check(s.T.Context(), s.Env, options(s.File("input.csv", text), mode))
	must(s.T, err)
	must(s.T, plan.Save(s.T.Context(), path))
	must(s.T, plan.Close())
	must(s.T, os.Remove(filepath.Join(s.Dir, "input.csv"))) // it is no longer needed
	return path
}

// apply applies a saved plan.
func (s *shop) apply(path string) (*importer.Summary, error) {
	saved, err := ledger.OpenSaved(path)
	if err != nil {
		return nil, err
	}
	defer func() { must(s.T, saved.Close()) }()
	plan, err := importer.Adopt(s.T.Context(), s.Env, saved, importer.Applying{})
	if err != nil {
		return nil, err
	}
	return plan.Run(s.T.Context())
}

// onAnotherMachine returns the same store as seen from a machine without runs.
func (s *shop) onAnotherMachine() *shop {
	return &shop{s.Elsewhere()}
}

func savedTexts() map[stock.Mode]string {
	return map[stock.Mode]string{
		stock.Create: "productId,warehouseId,initialQty\nprod_0050,ABJ-01,5\nprod_0051,ABJ-01,6\n",
		stock.Adjust: "productId,warehouseId,qty,action\nprod_0003,ABJ-01,5,received\nprod_0003,ABJ-01,-1,sold\nprod_0004,ABJ-01,-2,sold\n",
		stock.Set:    "productId,warehouseId,onHandQty\nprod_0003,ABJ-01,30\nprod_0004,ABJ-01,40\n",
	}
}

// A saved plan is applied once, whichever machine applies it.
func TestASavedPlanIsAppliedOnce(t *testing.T) {
	after := map[stock.Mode]map[string]int64{
		stock.Create: {"prod_0050@wh_def456": 5, "prod_0051@wh_def456": 6},
		stock.Adjust: {"prod_0003@wh_def456": 7, "prod_0004@wh_def456": 2},
		stock.Set:    {"prod_0003@wh_def456": 30, "prod_0004@wh_def456": 40},
	}
	for mode, text := range savedTexts() {
		t.Run(string(mode), func(t *testing.T) {
			s := openShop(t, sandbox.Options{}, nil).stocked()
			path := s.save(mode, text)
			want := s.Stock()
			maps.Copy(want, after[mode])
			sum, err := s.apply(path)
			must(t, err)
			if sum.Counts.Applied != sum.Rows || !maps.Equal(s.Stock(), want) {
				t.Fatalf("applied %+v, and the stock is %v, not %v", sum.Counts, s.Stock(), want)
			}
			if _, err := s.apply(path); failure.KindOf(err) != importer.AlreadyImported || !strings.Contains(err.Error(), "the plan was applied by run "+sum.Run) {
				t.Errorf("applying the plan again: got %v, want that it was applied by run %s", err, sum.Run)
			}
			sum, err = s.onAnotherMachine().apply(path)
			if mode == stock.Create {
				must(t, err)
				if sum.Counts.Already != 2 {
					t.Errorf("on another machine: %+v", sum.Counts)
				}
			} else if failure.KindOf(err) != importer.AlreadyImported {
				t.Errorf("on another machine: %v", err)
			}
			if !maps.Equal(s.Stock(), want) {
				t.Errorf("the stock is %v in the end, not %v", s.Stock(), want)
			}
		})
	}
}

// In set mode, a record that has moved since the plan was saved is a conflict, unless its
// quantity is already the wanted one. Adjustments are applied as planned.
func TestStockMovesAfterAPlanWasSaved(t *testing.T) {
	s := openShop(t, sandbox.Options{}, nil).stocked()
	set := s.save(stock.Set, "productId,warehouseId,onHandQty\nprod_0003,ABJ-01,30\nprod_0004,ABJ-01,40\nprod_0005,ABJ-01,50\n")
	adjust := s.save(stock.Adjust, savedTexts()[stock.Adjust])
	_, err := s.Run(options(s.File("others.csv", "productId,warehouseId,qty,action\nprod_0003,ABJ-01,1,received\nprod_0004,ABJ-01,36,received\n"), stock.Adjust))
	must(t, err)
	sum, err := s.apply(set)
	if failure.KindOf(err) != failure.Partial || sum.Counts.Conflict != 1 || sum.Counts.Already != 1 || sum.Counts.Applied != 1 {
		t.Errorf("set: %v, %+v", err, sum)
	}
	rejects := read(t, strings.TrimSuffix(set, ".plan")+".rejects.csv")
	const why = `2,,conflict,moved,"on hand is 4; it was 3 when the plan was saved, which asks for 30",,prod_0003,ABJ-01,30`
	if !strings.Contains(rejects, why) {
		t.Errorf("the rejects next to the plan are\n%s", rejects)
	}
	_, err = s.apply(adjust)
	must(t, err)
	want := map[string]int64{"prod_0003@wh_def456": 8, "prod_0004@wh_def456": 38, "prod_0005@wh_def456": 50}
	for record, n := range want {
		if got := s.Stock()[record]; got != n {
			t.Errorf("%s has %d, not %d", record, got, n)
		}
	}
}

// A plan that differs from the saved one in any byte is refused.
func TestADamagedPlanIsRefused(t *testing.T) {
	s := openShop(t, sandbox.Options{}, nil).stocked()
	path := s.save(stock.Set, savedTexts()[stock.Set])
	whole := []byte(read(t, path))
	check := func(what string, text []byte) {
		t.Helper()
		bad := s.File("bad.plan", string(text))
		if sum, err := s.apply(bad); failure.KindOf(err) != failure.Usage {
			t.Errorf("%s: %v, %+v", what, err, sum)
		}
	}
	for at := 0; at < len(whole); at += 7 {
		text := bytes.Clone(whole)
		text[at] ^= 4
		check("a changed byte", text)
	}
	for _, n := range []int{0, 1, 20, len(whole) / 2, len(whole) - 1} {
		check("a part of it", whole[:n])
	}
	check("with more behind it", append(bytes.Clone(whole), '\n'))
	if sum, err := s.apply(s.File("copy.plan", string(whole))); err != nil || sum.Counts.Applied != 2 {
		t.Errorf("an unchanged copy: %v, %+v", err, sum)
	}
}

// A plan is for one store at one address.
func TestAPlanIsForOneStore(t *testing.T) {
	s := openShop(t, sandbox.Options{}, nil).stocked()
	path := s.save(stock.Set, savedTexts()[stock.Set])
	saved, err := ledger.OpenSaved(path)
	must(t, err)
	defer func() { must(t, saved.Close()) }()
	for _, c := range []struct{ url, tenant, profile, want string }{
		{saved.Head.BaseURL, saved.Head.Tenant, "another-name", ""},
		{"http://elsewhere.example", saved.Head.Tenant, "test", path + " is for " + saved.Head.BaseURL + ", not http://elsewhere.example"},
		{saved.Head.BaseURL, "someone else", "test", path + " is for another store"},
		{saved.Head.BaseURL, "", "test", path + " is for another store"},
	} {
		env := s.Env.Env
		env.BaseURL, env.Profile = c.url, c.profile
		got := ""
		if err := saved.For(env, c.tenant); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%v: got %q", c, got)
		}
	}
	saved.Head.Tenant = "" // the API does not report the store
	if err := saved.For(ledger.Env{BaseURL: saved.Head.BaseURL, Profile: "other"}, ""); err == nil {
		t.Error("an unknown store was accepted for another profile's plan")
	}
}

// The store is requested from the API before anything of a plan is written to disk.
func TestAPlanChecksTheStoreFirst(t *testing.T) {
	var moved atomic.Bool
	s := openShop(t, sandbox.Options{}, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := httptest.NewRecorder()
			next.ServeHTTP(answer, r)
			body := answer.Body.String()
			if moved.Load() {
				body = regexp.MustCompile(`"tenantId":"[^"]*"`).ReplaceAllString(body, `"tenantId":"other"`)
			}
			maps.Copy(w.Header(), answer.Header())
			w.Header().Del("Content-Length")
			w.WriteHeader(answer.Code)
			_, _ = w.Write([]byte(body)) // the client may be gone
		})
	}).stocked()
	path := s.save(stock.Adjust, savedTexts()[stock.Adjust])
	moved.Store(true)
	if sum, err := s.apply(path); err == nil || err.Error() != path+" is for another store" {
		t.Errorf("applied %+v: %v", sum, err)
	}
	if runs, err := s.Env.Store.IDs(); err != nil || len(runs) != 1 {
		t.Errorf("the runs are %v, %v", runs, err)
	}
	moved.Store(false)
	_, err := s.apply(path)
	must(t, err)
}

// A saved plan cannot be imported as a table, and a table cannot be applied as a plan.
func TestAPlanIsNotATable(t *testing.T) {
	s := openShop(t, sandbox.Options{}, nil).stocked()
	path := s.save(stock.Adjust, savedTexts()[stock.Adjust])
	if _, err := s.Run(options(path, stock.Adjust)); err == nil || err.Error() != path+" is a saved plan" {
		t.Errorf("importing a saved plan: got %v, want an error that says what it is", err)
	}
	table := s.File("table.csv", savedTexts()[stock.Set])
	if _, err := s.apply(table); err == nil || err.Error() != table+" is not a saved plan" {
		t.Errorf("applying a table: %v", err)
	}
	plan, err := importer.Check(t.Context(), s.Env, options(table, stock.Set))
	must(t, err)
	if err := plan.Save(t.Context(), path); err == nil || !strings.Contains(err.Error(), "exists") {
		t.Errorf("saving over a plan: %v", err)
	}
	must(t, plan.Close())
}

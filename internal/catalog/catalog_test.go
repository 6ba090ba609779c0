package catalog_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/catalog"
)

func place(t testing.TB) catalog.Place {
	t.Helper()
	return catalog.Place{Dir: filepath.Join(t.TempDir(), "names"), BaseURL: "https://api.example.com", Account: "a"}
}

// shelf returns a copy with a known store.
func shelf(t testing.TB, at catalog.Place) *catalog.Copy {
	t.Helper()
	c := catalog.New(at, nil)
	c.LearnWarehouses([]api.Warehouse{{ID: "wh_1", TenantID: "t1", Code: "HRB", Name: "Harbour", Active: true}})
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func simple(id, name, code string) api.Product {
	return api.Product{ID: id, Name: name, ProductType: "SIMPLE", Code: code}
}

func variable(id string, skus ...api.SKU) api.Product {
	return api.Product{ID: id, Name: "Name of " + id, ProductType: "VARIABLE", VariantGroups: []api.VariantGroup{{SKUs: skus}}}
}

// fill writes a complete reading, with some archived products.
func fill(t testing.TB, c *catalog.Copy, live, archived []api.Product) {
	t.Helper()
	f := c.Fill()
	defer f.End()
	for i, list := range [][]api.Product{live, archived} {
		if err := f.Add(t.Context(), list, i == 1); err != nil {
			t.Fatal(err)
		}
	}
	if complete, err := f.Done(t.Context(), true); err != nil || !complete {
		t.Fatal(complete, err)
	}
}

func idsOf(list []catalog.Item, err error) string {
	if err != nil {
		return err.Error()
	}
	var out []string
	for _, i := range list {
		out = append(out, strings.TrimSuffix(i.ProductID+"/"+i.SKUID, "/"))
	}
	return strings.Join(out, " ")
}

func TestFind(t *testing.T) {
	c := shelf(t, place(t))
	fill(t, c, []api.Product{
		simple("p1", "Kettle", "KET"), simple("p2", "Nails", "00123"), simple("p3", "Cup", "TWICE"), simple("p4", "Cup", "TWICE"),
		simple("p5", "ket", "ket"), simple("p6", "Tea", "Tee-Ü"), simple("p7", "Reborn", "OLD"),
		variable("p8", api.SKU{ID: "s1", Code: "A/B@C d", Attributes: map[string]string{"Size": "S", "Color": "Red"}}, api.SKU{ID: "s2"}, api.SKU{Code: "no id"}),
	}, []api.Product{simple("p9", "Gone", "OLD"), simple("p10", "Buried", "DEEP")})
	for text, want := range map[string]string{
		"KET": "p1", "ket": "p5", "Ket": "p1 p5", "00123": "p2", "123": "", "TWICE": "p3 p4", "tee-ü": "p6", "TEE-U\u0308": "p6",
		"OLD": "p7", "DEEP": "p10", "a/b@C D": "p8/s1", "no id": "", "": "",
	} {
		if got := idsOf(c.ByCode(t.Context(), text)); got != want {
			t.Errorf("the code %q is of %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{"p1": "p1", "s1": "p8/s1", "P1": "", "KET": ""} {
		if got := idsOf(c.ByID(t.Context(), text)); got != want {
			t.Errorf("the id %q is of %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{"Kettle": "p1", "Cup": "p3 p4", "cup": "", "Gone": "p9"} {
		if got := idsOf(c.ByName(t.Context(), text)); got != want {
			t.Errorf("the name %q is of %q, want %q", text, got, want)
		}
	}
	skus, err := c.SKUs(t.Context(), "p8")
	if idsOf(skus, err) != "p8/s1 p8/s2" || skus[0].Attributes != "Color Red, Size S" {
		t.Errorf("got %+v, %v", skus, err)
	}
	if got := idsOf(c.Like(t.Context(), "ke", 10)); got != "p1 p5" {
		t.Errorf("the items that begin with ke are %q", got)
	}
}

// A second reading replaces the first, except for what was learned since it began.
func TestFillingReplaces(t *testing.T) {
	c := shelf(t, place(t))
	fill(t, c, []api.Product{simple("p1", "One", "A"), simple("p2", "Two", "B")}, nil)
	f := c.Fill()
	if err := f.Add(t.Context(), []api.Product{simple("p1", "One", "C")}, false); err != nil {
		t.Fatal(err)
	}
	f.End()
	c.LearnProducts([]api.Product{simple("p3", "Three", "D")}) // by another command, say
	if _, err := f.Done(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"A": "", "B": "", "C": "p1", "D": "p3"} {
		if got := idsOf(c.ByCode(t.Context(), text)); got != want {
			t.Errorf("the code %q is of %q, want %q", text, got, want)
		}
	}
}

// The copy belongs to the tenant: another profile of the same store finds it, another
// account does not, and it is deleted with the last profile.
func TestCopyBelongsToTheTenant(t *testing.T) {
	at := place(t)
	first := shelf(t, at)
	fill(t, first, []api.Product{simple("p1", "One", "A")}, nil)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	other := at
	other.Account = "b"
	stranger := catalog.New(other, nil)
	if _, err := stranger.ByID(t.Context(), "p1"); err != catalog.ErrNoStore { //nolint:errorlint // it is the sentinel itself
		t.Errorf("another account: %v", err)
	}
	stranger.LearnRecords([]api.Record{{ID: "r1", TenantID: "t1", ProductID: "p1", WarehouseID: "wh_1"}})
	if got := idsOf(stranger.ByID(t.Context(), "p1")); got != "p1" {
		t.Errorf("the same tenant finds %q", got)
	}
	if err := stranger.Close(); err != nil {
		t.Fatal(err)
	}
	if err := at.Forget([]catalog.Place{other}); err != nil {
		t.Fatal(err)
	}
	if _, known := at.Tenant(); known {
		t.Error("a deleted account is still known")
	}
	again := catalog.New(other, nil)
	if got := idsOf(again.ByID(t.Context(), "p1")); got != "p1" {
		t.Errorf("after deleting the first profile there is %q", got)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	if err := other.Forget(nil); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(at.Dir); len(left) != 0 {
		t.Errorf("after deleting the last one there is %v", left)
	}
}

// An unusable file costs another reading but never causes a failure.
func TestDamagedCopiesAreReplaced(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"no database": func(path string) error { return os.WriteFile(path, []byte("hello, this is no database at all"), 0o600) },
		"empty":       func(path string) error { return os.Truncate(path, 0) },
		"cut short":   func(path string) error { return os.Truncate(path, 8192) },
		"overwritten": func(path string) error {
			f, err := os.OpenFile(path, os.O_RDWR, 0)
			if err != nil {
				return err
			}
			_, err = f.WriteAt([]byte(strings.Repeat("x", 40000)), 4096)
			return errors.Join(err, f.Close())
		},
	} {
		t.Run(name, func(t *testing.T) {
			at := place(t)
			c := shelf(t, at)
			fill(t, c, []api.Product{simple("p1", "One", "A")}, nil)
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			if err := spoil(onlyFile(t, at)); err != nil {
				t.Fatal(err)
			}
			c = shelf(t, at)
			if got := idsOf(c.ByCode(t.Context(), "A")); got != "" {
				t.Errorf("a damaged file has %q", got)
			}
			fill(t, c, []api.Product{simple("p1", "One", "B")}, nil)
			if got := idsOf(c.ByCode(t.Context(), "B")); got != "p1" {
				t.Errorf("after it was filled again it has %q", got)
			}
		})
	}
}

// If no file can be written, the copy is in memory.
func TestNoPlace(t *testing.T) {
	occupied := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(occupied, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"", occupied} {
		c := shelf(t, catalog.Place{Dir: dir, BaseURL: "x", Account: "a"})
		fill(t, c, []api.Product{simple("p1", "One", "A")}, nil)
		if got := idsOf(c.ByCode(t.Context(), "a")); got != "p1" {
			t.Errorf("in %q: %q", dir, got)
		}
	}
}

// Several processes can fill, learn and read one file.
func TestCopyIsShared(t *testing.T) {
	at := place(t)
	var all sync.WaitGroup
	for n := range 6 {
		all.Go(func() {
			c := catalog.New(at, nil)
			c.LearnWarehouses([]api.Warehouse{{ID: "wh_1", TenantID: "t1", Name: "Harbour"}})
			for round := range 5 {
				if n%2 == 0 {
					f := c.Fill()
					for i := range 20 {
						if err := f.Add(t.Context(), []api.Product{simple(fmt.Sprint("p", i), "Name", fmt.Sprint("CODE-", i))}, false); err != nil {
							t.Error(err)
						}
					}
					if _, err := f.Done(t.Context(), true); err != nil {
						t.Error(err)
					}
					f.End()
				}
				if _, err := c.ByCode(t.Context(), fmt.Sprint("CODE-", round)); err != nil {
					t.Error(err)
				}
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	c := shelf(t, at)
	if list, err := c.All(t.Context()); len(list) != 20 || err != nil {
		t.Errorf("%d products, %v", len(list), err)
	}
}

func TestBarcodes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config", "barcodes.csv")
	b := catalog.OpenBarcodes(t.Context(), path)
	if err := b.Save("", catalog.Barcode{Code: "0042", Item: "p1"}); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(path); string(text) != "barcode,item\n0042,p1\n" {
		t.Errorf("the shared file is %q", text)
	}
	// Another process adds the same code for its store.
	if err := catalog.OpenBarcodes(t.Context(), path).Save("x", catalog.Barcode{Code: "0042", Item: "p2/s"}, catalog.Barcode{Code: "9", Item: "p3"}); err != nil {
		t.Fatal(err)
	}
	// The file that older versions read is unchanged.
	if text, _ := os.ReadFile(path); string(text) != "barcode,item\n0042,p1\n" {
		t.Errorf("after adding to a store, the shared file is %q", text)
	}
	b = catalog.OpenBarcodes(t.Context(), path)
	if list, err := b.List("x"); len(list) != 2 || list[0].Item != "p2/s" || err != nil {
		t.Errorf("the store's list is %v (%v)", list, err)
	}
	for _, test := range []struct{ store, code, want string }{{"x", "0042", "p2/s"}, {"y", "0042", "p1"}, {"x", "9", "p3"}, {"y", "9", ""}, {"x", "42", ""}} {
		if got, known, err := b.Find(test.store, test.code); got != test.want || known != (test.want != "") || err != nil {
			t.Errorf("%+v: %q %v %v", test, got, known, err)
		}
	}
	if gone, err := b.Forget("x", "0042"); !gone || err != nil {
		t.Error(gone, err)
	}
	if got, _, _ := b.Find("x", "0042"); got != "p1" {
		t.Errorf("the shared entry is %q", got)
	}
}

// big fills a copy with 100,000 SKUs.
func big(b *testing.B, at catalog.Place) {
	b.Helper()
	c := shelf(b, at)
	f := c.Fill()
	defer f.End()
	for i := 0; i < 25_000; i += 500 {
		var batch []api.Product
		for j := range 500 {
			p := variable(fmt.Sprintf("prod_%06d", i+j))
			for k := range 4 {
				p.VariantGroups[0].SKUs = append(p.VariantGroups[0].SKUs, api.SKU{ID: fmt.Sprintf("sku_%06d_%d", i+j, k), Code: fmt.Sprintf("CODE-%06d-%d", i+j, k)})
			}
			batch = append(batch, p)
		}
		if err := f.Add(b.Context(), batch, false); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := f.Done(b.Context(), true); err != nil {
		b.Fatal(err)
	}
	if err := c.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkLookup finds one of 100,000 SKUs by its code: in an open copy, and
// including opening the file, as a command does.
func BenchmarkLookup(b *testing.B) {
	at := place(b)
	big(b, at)
	find := func(c *catalog.Copy, i int) {
		if got, err := c.ByCode(b.Context(), fmt.Sprintf("code-%06d-%d", i*7919%25_000, i%4)); len(got) != 1 || err != nil {
			b.Fatal(got, err)
		}
	}
	b.Run("open", func(b *testing.B) {
		c := catalog.New(at, time.Now)
		for i := 0; b.Loop(); i++ {
			find(c, i)
		}
		_ = c.Close()
	})
	b.Run("opening", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			c := catalog.New(at, time.Now)
			find(c, i)
			_ = c.Close()
		}
	})
	b.Run("completion", func(b *testing.B) {
		for b.Loop() {
			c := catalog.New(at, time.Now)
			if got, err := c.Like(b.Context(), "CODE-01", 500); len(got) < 500 || err != nil {
				b.Fatal(len(got), err)
			}
			_ = c.Close()
		}
	})
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			c := catalog.New(at, time.Now)
			if got, err := c.All(b.Context()); len(got) != 125_000 || err != nil {
				b.Fatal(len(got), err)
			}
			_ = c.Close()
		}
	})
}

// A file with a header may have more columns.
func TestBarcodeFilesWithMoreColumns(t *testing.T) {
	list, err := catalog.ParseBarcodes("f", []byte("\xef\xbb\xbfbarcode,item,skuCode,productName\r\n0042,p1,A,\"Tote, red\"\r\n"))
	if len(list) != 1 || list[0] != (catalog.Barcode{Code: "0042", Item: "p1"}) || err != nil {
		t.Errorf("%v (%v)", list, err)
	}
	if _, err := catalog.ParseBarcodes("f", []byte("0042,p1,A\n")); err == nil || err.Error() != `f:1:1 "0042": has 3 columns, not barcode and item` {
		t.Errorf("without a header: %v", err)
	}
}

// onlyFile returns the path of the only database of a place.
func onlyFile(t *testing.T, at catalog.Place) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(at.Dir, "*.db"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	return files[0]
}

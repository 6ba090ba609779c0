package catalog_test

import (
	"database/sql"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/catalog"
)

// A run that learned the same as the one before does not open the file, which would take
// longer than the rest of a short command. The file is written if it has changed since, or
// if anything else was learned.
func TestTheSameDataIsNotWrittenAgain(t *testing.T) {
	at := place(t)
	learn := func(product string) {
		t.Helper()
		c := catalog.New(at, nil)
		c.LearnRecords([]api.Record{{ID: "inv_" + product, TenantID: "t1", ProductID: product, WarehouseID: "wh_1"}})
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	knows := func(record string) bool {
		t.Helper()
		c := catalog.New(at, nil)
		_, known, err := c.Record(t.Context(), record)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		return known
	}
	learn("p1")
	file := onlyFile(t, at)
	written, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	const debris = "not a database"
	damage := func(when time.Time) {
		t.Helper()
		if err := os.WriteFile(file, []byte(debris), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, when, when); err != nil {
			t.Fatal(err)
		}
	}
	damage(written.ModTime())
	learn("p1")
	if text, err := os.ReadFile(file); err != nil || string(text) != debris {
		t.Fatalf("the file was opened for data that it already has: %v", err)
	}
	damage(written.ModTime().Add(time.Second))
	if learn("p1"); !knows("inv_p1") {
		t.Error("the file has changed but was not written")
	}
	if learn("p2"); !knows("inv_p2") {
		t.Error("new data was not written")
	}
}

// A run that opened the file, to show names, does not write either what the file already
// has, whether it learned it all at once or in parts.
func TestTheSameDataIsNotWrittenAgainToAnOpenFile(t *testing.T) {
	at := place(t)
	// run learns the records of products, and returns which of them the file then has.
	run := func(products ...string) (known string) {
		t.Helper()
		c := catalog.New(at, nil)
		for _, product := range products {
			c.LearnRecords([]api.Record{{ID: "inv_" + product, TenantID: "t1", ProductID: product, WarehouseID: "wh_1"}})
			_, has, err := c.Record(t.Context(), "inv_"+product)
			if err != nil {
				t.Fatal(err)
			}
			if has {
				known += product
			}
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		return known
	}
	if got := run("p1", "p2"); got != "p1p2" {
		t.Fatal(got)
	}
	file := onlyFile(t, at)
	written, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "DELETE FROM records"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Close(), os.Chtimes(file, written.ModTime(), written.ModTime())); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got := run("p1", "p2") + run("p1") + run("p2"); got != "" {
			t.Errorf("wrote %s again, want nothing", got)
		}
	}
	if got := run("p1", "p3"); got != "p3" {
		t.Errorf("of p1, which is not new, and p3, which is, %s was written", got)
	}
	later := written.ModTime().Add(time.Hour)
	if err := os.Chtimes(file, later, later); err != nil {
		t.Fatal(err)
	}
	if got := run("p1", "p2", "p3"); got != "p1p2p3" {
		t.Errorf("the file has changed, but only %s was written", got)
	}
}

package sandbox_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/sandbox"
)

func TestStateSurvivesClose(t *testing.T) {
	path := database(t)
	s := open(t, sandbox.Options{Path: path})
	made := s.create(`{"productId":"p","warehouseId":"wh_def456","initialQty":4}`)
	if err := errors.Join(s.server.Close(), s.server.Close()); err != nil {
		t.Fatalf("closing twice: %v", err)
	}
	again := open(t, sandbox.Options{Path: path})
	again.header = s.header // the token is still valid
	if got := again.stock("p"); len(got) != 1 || got[0].ID != made.ID || got[0].OnHandQty != 4 {
		t.Errorf("after opening again: %+v", got)
	}
	if got := again.page("/v1/inventory"); got.TotalElements != 7 {
		t.Errorf("%d records, want 7: the shop is seeded once", got.TotalElements)
	}
}

func TestReset(t *testing.T) {
	s := open(t, sandbox.Options{Path: database(t)})
	s.create(`{"productId":"p","warehouseId":"wh_def456","initialQty":4}`)
	s.call("PATCH", "/v1/warehouses/wh_def456", `{"isDefault":true,"code":"NEW"}`).data(t, new(any))
	s.call("PATCH", red+"adjust", `{"qty":-3,"action":"SOLD"}`).data(t, new(any))
	if err := s.server.Reset(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	fresh := open(t, sandbox.Options{})
	for _, path := range []string{"/v1/inventory", "/v1/inventory/logs", "/v1/warehouses", "/v2/products", "/v1/inventory/low-stock"} {
		s.call("GET", path, "").wants(t, 200, fresh.call("GET", path, "").body)
	}
}

func TestMemoryIsPrivate(t *testing.T) {
	one, other := open(t, sandbox.Options{}), open(t, sandbox.Options{})
	one.create(`{"productId":"p","warehouseId":"wh_def456","initialQty":4}`)
	if got := other.stock("p"); len(got) != 0 {
		t.Errorf("two databases in memory share %+v", got)
	}
	if _, err := os.Stat(":memory:"); err == nil {
		t.Error("a file was created for a database in memory")
	}
}

func TestFilesArePrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b?c#d%41 é", "sandbox.db")
	s := open(t, sandbox.Options{Path: path})
	s.create(`{"productId":"p","warehouseId":"wh_def456","initialQty":4}`)
	for name, want := range map[string]os.FileMode{
		filepath.Dir(path): 0o700, filepath.Dir(filepath.Dir(path)): 0o700,
		path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600,
	} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s is %o, want %o", name, got, want)
		}
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 3 {
		t.Errorf("the folder of the database also contains %v (%v)", entries, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	folder := t.TempDir()
	text, foreign, old := filepath.Join(folder, "text"), filepath.Join(folder, "foreign"), filepath.Join(folder, "old")
	if err := os.WriteFile(text, []byte(strings.Repeat("no database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(path, statement string) {
		t.Helper()
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = db.Exec(statement)
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
	}
	run(foreign, "CREATE TABLE theirs (x)")
	if err := open(t, sandbox.Options{Path: old}).server.Close(); err != nil {
		t.Fatal(err)
	}
	run(old, "PRAGMA user_version = 2")
	before, err := os.ReadFile(foreign)
	if err != nil {
		t.Fatal(err)
	}
	account := sandbox.DefaultAccount()
	account.Email = ""
	for _, c := range []struct {
		o    sandbox.Options
		kind failure.Kind
		want string
	}{
		{sandbox.Options{Path: " "}, failure.Usage, "a sandbox needs a database file, or :memory:"},
		{sandbox.Options{Path: text}, failure.Config, "opening the sandbox database " + text + ": beginning a transaction: file is not a database (26)"},
		{sandbox.Options{Path: foreign}, failure.Config, "the file is the database of another program, not a sandbox"},
		{sandbox.Options{Path: old}, failure.Config, "the sandbox database was written by another version of this program (schema 2, this one reads 1)"},
		{sandbox.Options{Path: filepath.Join(text, "x.db")}, failure.Config, "opening the sandbox database " + text + "/x.db: mkdir " + text + ": not a directory"},
		{sandbox.Options{Path: ":memory:", Dialect: "klingon"}, failure.Usage, `unknown dialect "klingon": choose published or dashboard`},
		{sandbox.Options{Path: ":memory:", Account: account}, failure.Usage, "opening the sandbox: the account's email is missing"},
		{sandbox.Options{Path: ":memory:", Faults: sandbox.Faults{DropRate: 1.5}}, failure.Usage, "invalid drop rate 1.5: want a number from 0 to 1"},
	} {
		_, err := sandbox.Open(t.Context(), c.o)
		if err == nil || err.Error() != c.want || failure.KindOf(err) != c.kind {
			t.Errorf("%v (%s)\nwant %s (%s)", err, failure.KindOf(err), c.want, c.kind)
		}
	}
	if after, err := os.ReadFile(foreign); err != nil || string(after) != string(before) {
		t.Errorf("another program's database was changed (%v)", err)
	}
}

// race runs n goroutines concurrently and counts the statuses they return.
func race(n int, send func(i int) int) map[int]int {
	statuses := make([]int, n)
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { statuses[i] = send(i) })
	}
	group.Wait()
	counts := map[int]int{}
	for _, status := range statuses {
		counts[status]++
	}
	return counts
}

// TestOneKeyOneRecord has many callers create the same record. Exactly one must
// succeed, no matter how many servers share the file.
func TestOneKeyOneRecord(t *testing.T) {
	path := database(t)
	for name, shops := range map[string][]*shop{
		"memory":      {open(t, sandbox.Options{})},
		"file":        {open(t, sandbox.Options{Path: database(t)})},
		"two servers": {open(t, sandbox.Options{Path: path}), open(t, sandbox.Options{Path: path})},
	} {
		t.Run(name, func(t *testing.T) {
			for _, product := range []string{"p1", "p2", "p3"} {
				got := race(32, func(i int) int {
					body := `{"productId":"` + product + `","warehouseId":"wh_def456","initialQty":1}`
					return shops[i%len(shops)].call("POST", "/v1/inventory", body).status
				})
				if got[201] != 1 || got[409] != 31 {
					t.Errorf("%s: %v, want one 201 and 31 times 409", product, got)
				}
			}
			if got := shops[0].page("/v1/inventory"); got.TotalElements != 9 {
				t.Errorf("%d records, want 9", got.TotalElements)
			}
		})
	}
}

// TestNoMovementIsLost has two servers on one file take from the same record
// concurrently. They must not take more than it has, and must log every sale.
func TestNoMovementIsLost(t *testing.T) {
	path := database(t)
	shops := []*shop{open(t, sandbox.Options{Path: path}), open(t, sandbox.Options{Path: path})}
	got := race(60, func(i int) int {
		s := shops[i%2]
		if i%5 == 0 {
			return s.call("GET", "/v1/inventory/logs", "").status
		}
		return s.call("PATCH", "/v1/inventory/inv_blue256/adjust", fmt.Sprintf(`{"qty":-1,"action":"SOLD","reference":"SO-%d"}`, i)).status
	})
	if got[200] != 12+18 || got[422] != 30 {
		t.Errorf("%v, want 12 logs, 18 sales and 30 refusals", got)
	}
	log := shops[0].log()
	if left := shops[1].stock("prod_phone_789/sku/sku_blue_256gb")[0].OnHandQty; left != 0 || len(log) != 7+18 {
		t.Errorf("%d left and %d movements, want 0 and 25", left, len(log))
	}
}

// TestOpenTogether has several servers create one database concurrently. The shop
// must be seeded once, and every server must open.
func TestOpenTogether(t *testing.T) {
	for range 5 {
		path := database(t)
		got := race(6, func(int) int {
			server, err := sandbox.Open(t.Context(), sandbox.Options{Path: path})
			if err != nil {
				t.Error(err)
				return 0
			}
			if err := server.Close(); err != nil {
				t.Error(err)
			}
			return http.StatusOK
		})
		if got[http.StatusOK] != 6 {
			t.Errorf("got the statuses %v, want 6 times 200", got)
		}
		if got := open(t, sandbox.Options{Path: path}).page("/v1/inventory"); got.TotalElements != 6 {
			t.Errorf("%d records, want 6", got.TotalElements)
		}
	}
}

// TestCancelledCallsLeaveNothingHalfDone cancels calls at every stage. A record
// and its movement must exist together or not at all, and the database, even one
// in memory, must survive.
func TestCancelledCallsLeaveNothingHalfDone(t *testing.T) {
	for name, path := range map[string]string{"memory": ":memory:", "file": database(t)} {
		t.Run(name, func(t *testing.T) {
			s := open(t, sandbox.Options{Path: path})
			race(40, func(i int) int {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				r := s.request("POST", "/v1/inventory", fmt.Sprintf(`{"productId":"p%d","warehouseId":"wh_def456","initialQty":1}`, i))
				if i%2 == 0 {
					go cancel()
				}
				response, err := s.client.Do(r.WithContext(ctx))
				if err != nil {
					if !errors.Is(err, context.Canceled) {
						t.Error(err)
					}
					return 0
				}
				defer response.Body.Close()
				return response.StatusCode
			})
			records, movements := s.page("/v1/inventory").TotalElements, s.page("/v1/inventory/logs").TotalElements
			if movements != records+1 || records < 6+20 {
				t.Errorf("%d records with %d movements; want one more movement, for the seeded sale", records, movements)
			}
		})
	}
}

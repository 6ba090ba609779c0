package cmd_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/transfer"
)

// TestKillTransferFile kills the program at random points while it makes or undoes the
// moves of a file, and resumes it until it is done. Every move must be made once, and
// undone once.
func TestKillTransferFile(t *testing.T) {
	t.Parallel() // it waits more than it works
	bin := build(t)
	k := newKillServer(t, 13)
	account := k.Account()
	token := account.Bearer
	client, err := api.New(api.Options{BaseURL: k.URL, Auth: account})
	if err != nil {
		t.Fatal(err)
	}
	k.stock(t, client)
	const products = 6
	nothing, text := int64(0), "productId,from,to,qty\n"
	for i := range products {
		product := fmt.Sprintf("prod_%04d", 50+i)
		for { // the server has its faults
			_, err := client.CreateRecord(t.Context(), api.CreateRecord{ProductID: product, WarehouseID: "wh_def456", InitialQty: &nothing})
			if err == nil || failure.KindOf(err) == failure.AlreadyExists {
				break
			}
		}
		text += fmt.Sprintf("%s,LGS-01,ABJ-01,%d\n%s,ABJ-01,LGS-01,1\n%s,LGS-01,ABJ-01,2\n", product, i+5, product, product)
	}
	home := t.TempDir()
	file := filepath.Join(home, "moves.csv")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(13, 7))
	kills, said := 0, ""
	run := func(kill bool, args ...string) (err error) {
		most := 0
		if kill {
			most = 12
		}
		var killed bool
		if said, killed, err = k.transfer(t, bin, home, token, random, most, args...); killed {
			kills++
		}
		return err
	}
	expect := func(what string, arrived func(i int) int64) {
		t.Helper()
		for i := range products {
			for {
				list, err := client.RecordsOf(t.Context(), fmt.Sprintf("prod_%04d", 50+i), "")
				if err != nil {
					continue
				}
				stock := map[string]int64{}
				for _, r := range list {
					stock[r.WarehouseID] = *r.OnHandQty
				}
				if want := arrived(i); stock["wh_def456"] != want || stock["wh_abc123"] != 50+int64(i)-want {
					t.Errorf("%s: prod_%04d: %v, want %d to have arrived", what, 50+i, stock, want)
				}
				break
			}
		}
	}
	err = run(true, "-f", file)
	store := transfer.Batches{Dir: filepath.Join(home, "state", "transfer-files")}
	open, failed := store.Unfinished(k.URL)
	if failed != nil || len(open) != 1 || err == nil {
		t.Fatalf("%d files are unfinished after a kill, %v, %v", len(open), err, failed)
	}
	for _, end := range [][]string{{"resume"}, {"undo", open[0].ID}} {
		for tries := 0; run(tries < 3, end...) != nil; tries++ {
			if tries == 30 {
				t.Fatalf("%v does not end: %s", end, said)
			}
		}
		expect(end[0], func(i int) int64 {
			if end[0] == "undo" {
				return 0
			}
			return int64(i) + 6
		})
	}
	if kills < 4 {
		t.Errorf("only %d kills: too few to test anything", kills)
	}
}

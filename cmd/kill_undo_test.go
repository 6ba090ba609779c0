package cmd_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/ledger/journal"
)

// killBench contains a store, a program that is killed repeatedly, and its home folder.
type killBench struct {
	*killServer
	t          *testing.T
	bin, token string
	client     *api.Client
	home       string
	random     *rand.Rand
	kills      int
}

func newKillBench(t *testing.T, bin string, seed uint64) *killBench {
	t.Helper()
	b := &killBench{killServer: newKillServer(t, seed), t: t, bin: bin, home: t.TempDir(), random: rand.New(rand.NewPCG(seed, 7))}
	b.token, _ = b.shop.IssueToken()
	var err error
	if b.client, err = api.New(api.Options{BaseURL: b.URL, Auth: b.Account()}); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *killBench) file(name, text string) string {
	b.t.Helper()
	path := filepath.Join(b.home, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
	return path
}

// untilDone runs a command that is killed at most the given number of times, until it ends
// by itself. It must succeed. untilDone returns the output of the last run.
func (b *killBench) untilDone(kills, most int, args ...string) string {
	b.t.Helper()
	for ; ; kills-- {
		var out, said strings.Builder
		if kills <= 0 {
			most = 0
		}
		killed, err := b.inventory(b.t, b.bin, b.home, b.token, b.random, most, &out, &said, args...)
		switch {
		case killed:
			b.kills++
		case err != nil:
			b.t.Fatalf("%v: %v: %s%s", args, err, out.String(), said.String())
		default:
			return out.String()
		}
	}
}

// TestKillApply kills the program while it applies a saved plan, and applies the plan
// again. Every row must be applied once and be accounted for.
func TestKillApply(t *testing.T) {
	t.Parallel() // it mostly waits
	bin := build(t)
	for i, job := range killJobs() {
		t.Run(job.mode, func(t *testing.T) {
			t.Parallel()
			b := newKillBench(t, bin, uint64(20+i))
			if job.mode != "create" {
				b.stock(t, b.client)
			}
			plan := filepath.Join(b.home, "a.plan")
			file := b.file("rows.csv", job.text)
			b.untilDone(0, 0, "import", file, "--mode", job.mode, "--concurrency", "16", "--save-plan", plan)
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			answer := b.untilDone(6, 12, "import", "apply", plan, "-o", "json")
			checkKilled(t, b.client, job, answer)
			if b.kills < 4 {
				t.Errorf("only %d kills: too few to test anything", b.kills)
			}
		})
	}
}

const undoRows = 300

// TestKillUndo kills the program repeatedly while it undoes an import and others trade the
// same products. The second time, the import itself is killed, too. The stock must be the
// previous one plus the changes by the others.
func TestKillUndo(t *testing.T) {
	t.Parallel() // it mostly waits
	bin := build(t)
	for i, most := range []int{0, 200} {
		t.Run(fmt.Sprint("import killed within ", most), func(t *testing.T) {
			t.Parallel()
			undoKilled(t, newKillBench(t, bin, uint64(31+i)), most)
		})
	}
}

func undoKilled(t *testing.T, b *killBench, most int) {
	b.stock(t, b.client)
	want, ids := b.onHand()
	text := "productId,warehouseId,qty,action\n"
	for i := range undoRows {
		text += fmt.Sprintf("prod_%04d,LGS-01,%d,received\n", 20+i%40, i%9+1)
	}
	file := b.file("rows.csv", text)
	killed, err := b.inventory(t, b.bin, b.home, b.token, b.random, most, io.Discard, io.Discard, "import", file, "--mode", "adjust", "--concurrency", "8")
	if killed != (most > 0) || err != nil && !killed {
		t.Fatal(killed, err)
	}
	runs, err := journal.Store{Dir: filepath.Join(b.home, "state", "imports")}.IDs()
	if err != nil || len(runs) != 1 {
		t.Fatalf("the runs are %v, %v", runs, err)
	}
	b.undoneAmong(want, ids, 40, "import", "undo", runs[0])
}

// TestKillCountUndo kills the program repeatedly while it undoes a count and others trade
// the counted products. The stock must be the previous one plus the changes by the others.
func TestKillCountUndo(t *testing.T) {
	t.Parallel() // it mostly waits
	b := newKillBench(t, build(t), 41)
	b.stock(t, b.client)
	want, ids := b.onHand()
	text := "productId,countedQty\n"
	for i := range killRows {
		text += fmt.Sprintf("prod_%04d,%d\n", i, want[fmt.Sprintf("prod_%04d", i)]+int64(20-i))
	}
	b.untilDone(0, 0, "count", b.file("counted.csv", text), "--warehouse", "LGS-01")
	var counts []struct{ ID string }
	if err := json.Unmarshal([]byte(b.untilDone(0, 0, "count", "list", "-o", "json")), &counts); err != nil || len(counts) != 1 {
		t.Fatal(counts, err)
	}
	b.undoneAmong(want, ids, 9, "count", "undo", counts[0].ID)
}

// undoneAmong runs an undo that is killed within the given number of writes until it ends
// by itself, while others trade. It compares the stock of each product with the previous
// stock plus the changes by the others.
func (b *killBench) undoneAmong(want map[string]int64, ids map[string]string, most int, undo ...string) {
	t := b.t
	t.Helper()
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		till := time.NewTicker(10 * time.Millisecond) // a log that never rests cannot be read
		defer till.Stop()
		for i := 0; i < 2*undoRows && !closed(stop); i++ {
			b.trade(ids[fmt.Sprintf("prod_%04d", 20+i%40)], i)
			<-till.C
		}
	}()
	b.untilDone(8, most, undo...)
	close(stop)
	<-done
	if b.kills < 5 {
		t.Errorf("only %d kills: too few to test anything", b.kills)
	}
	others := 0
	for m, err := range b.client.Movements().All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if m.Reference == tillReference {
			want[m.ProductID] += m.QtyChange
			others++
		}
	}
	if others < 10 {
		t.Errorf("others made only %d movements", others)
	}
	now, _ := b.onHand()
	for product, got := range now {
		if got != want[product] {
			t.Errorf("%s has %d, not %d", product, got, want[product])
		}
	}
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// tillReference is the reference of the movements by others.
const tillReference = "till"

// trade buys two or sells one of a record. The log shows whether the movement arrived,
// since the server has faults.
func (b *killBench) trade(record string, i int) {
	change := api.Adjustment{Qty: 2, Action: api.ActionReceived, Reference: tillReference}
	if i%3 == 0 {
		change.Qty, change.Action = -1, api.ActionSold
	}
	_, _ = b.client.Adjust(b.t.Context(), record, change)
}

// onHand returns the quantity of each product, and the ids of the records.
func (b *killBench) onHand() (qty map[string]int64, ids map[string]string) {
	b.t.Helper()
	qty, ids = map[string]int64{}, map[string]string{}
	for r, err := range b.client.Records().All(b.t.Context()) {
		if err != nil {
			b.t.Fatal(err)
		}
		qty[r.ProductID], ids[r.ProductID] = *r.OnHandQty, r.ID
	}
	return qty, ids
}

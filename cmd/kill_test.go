package cmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/transfer"
)

// The points at which an import can be killed, determined afterwards from the journal and
// the requests received.
const (
	beforeIntent = "before the first intent"
	beforeSend   = "between an intent and its request"
	afterSend    = "between a request and its outcome"
	inSweep      = "during a sweep of the log"
)

// killServer is a sandbox with faults that kills the program at a chosen request, either
// before the work or after it, without a response.
type killServer struct {
	*fakeshop.Shop
	shop *sandbox.Server

	mu      sync.Mutex
	process *os.Process
	aim     func(*http.Request) bool
	left    int  // matching requests until the kill; 0: none
	after   bool // do the work before the kill
	arrived map[string]bool
	sweeps  int // log reads in progress
	swept   bool
}

func newKillServer(t *testing.T, seed uint64) *killServer {
	t.Helper()
	k := &killServer{arrived: map[string]bool{}}
	k.Shop = fakeshop.Open(t, sandbox.Options{Faults: sandbox.Faults{DropRate: 0.02, FailRate: 0.02, Seed: seed}})
	k.shop = k.Sandbox
	k.Handle(k.ServeHTTP)
	return k
}

var rowMark = regexp.MustCompile(`sc1-[a-z2-7]{6}-[a-z2-7]{12}|prod_\d{4}`)

func (k *killServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		cut()
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	isLog := strings.HasSuffix(r.URL.Path, "/logs")
	fatal, after := k.shot(r, string(body), isLog)
	if fatal {
		if after { // the program is dead, but its request arrived
			k.shop.ServeHTTP(httptest.NewRecorder(), r.WithContext(context.WithoutCancel(r.Context())))
		}
		cut()
	}
	k.shop.ServeHTTP(w, r)
	if isLog {
		k.mu.Lock()
		k.sweeps--
		k.mu.Unlock()
	}
}

// shot records a request, and kills the program if it is the chosen one.
func (k *killServer) shot(r *http.Request, body string, isLog bool) (fatal, after bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if r.Method != http.MethodGet {
		k.arrived[rowMark.FindString(body)] = true
	}
	if isLog {
		k.sweeps++
	}
	if k.left == 0 || !k.aim(r) {
		return false, false
	}
	if k.left--; k.left > 0 {
		return false, false
	}
	k.swept = k.sweeps > 0
	if err := k.process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		panic(err)
	}
	k.sweeps = 0
	return true, k.after
}

// killJob is an import that is killed repeatedly.
type killJob struct {
	mode string
	text string
	want map[string]int64 // final quantities on hand by product
}

const killRows = 60

func killJobs() []killJob {
	create := killJob{"create", "productId,warehouseId,initialQty\n", map[string]int64{}}
	adjust := killJob{"adjust", "productId,warehouseId,qty,action,reference\n", map[string]int64{}}
	set := killJob{"set", "productId,warehouseId,onHandQty\n", map[string]int64{}}
	for i := range killRows {
		product, few := fmt.Sprintf("prod_%04d", i), fmt.Sprintf("prod_%04d", i%7)
		create.text += fmt.Sprintf("%s,LGS-01,%d\n", product, i)
		create.want[product] = int64(i)
		reference := ""
		if i%3 == 0 {
			reference = "PO-1"
		}
		adjust.text += fmt.Sprintf("%s,LGS-01,%d,received,%s\n", few, i%5+1, reference)
		adjust.want[few] += int64(i%5 + 1)
		set.text += fmt.Sprintf("%s,LGS-01,%d\n", product, i+100)
		set.want[product] = int64(i + 100)
	}
	for i := range 7 {
		adjust.want[fmt.Sprintf("prod_%04d", i)] += int64(i)
	}
	return []killJob{create, adjust, set}
}

// TestKill kills the program at random points of an import, and resumes it until it is
// done. The stock must be that of the file, every row must be accounted for, and the
// kills must have covered every possible point.
func TestKill(t *testing.T) {
	t.Parallel()
	bin := build(t)
	var mu sync.Mutex
	places := map[string]int{}
	t.Run("import", func(t *testing.T) {
		for _, job := range killJobs() {
			for seed := range uint64(3) {
				t.Run(fmt.Sprint(job.mode, " ", seed), func(t *testing.T) {
					t.Parallel()
					found := killed(t, bin, job, seed)
					mu.Lock()
					defer mu.Unlock()
					for place, n := range found {
						places[place] += n
					}
				})
			}
		}
	})
	for _, place := range []string{beforeIntent, beforeSend, afterSend, inSweep} {
		if places[place] == 0 {
			t.Errorf("no process was killed %s: %v", place, places)
		}
	}
	t.Log(places)
}

func killed(t *testing.T, bin string, job killJob, seed uint64) (places map[string]int) {
	k := newKillServer(t, seed)
	account := k.Account()
	key, token := account.Key, account.Bearer
	client, err := api.New(api.Options{BaseURL: k.URL, Auth: account})
	if err != nil {
		t.Fatal(err)
	}
	if job.mode != "create" {
		k.stock(t, client)
	}
	home := t.TempDir()
	file := filepath.Join(home, "rows.csv")
	if err := os.WriteFile(file, []byte(job.text), 0o600); err != nil {
		t.Fatal(err)
	}
	store := journal.Store{Dir: filepath.Join(home, "state", "imports")}
	random := rand.New(rand.NewPCG(seed, 7))
	places = map[string]int{}
	for kills := 0; ; kills++ {
		// Without --concurrency, a short run sends one request at a time.
		args := []string{"inventory", "import", file, "--mode", job.mode, "-o", "json", "--concurrency", "16"}
		run := unfinished(t, store)
		if run != "" {
			args = []string{"inventory", "import", "resume", run, "-o", "json"}
		}
		cmd := exec.CommandContext(t.Context(), bin, args...)
		cmd.Env = []string{
			"HOME=" + home, "XDG_CONFIG_HOME=" + home, "STOCKCTL_STATE_DIR=" + filepath.Join(home, "state"), "STOCKCTL_TIMEOUT=300ms",
			"STOCKCTL_BASE_URL=" + k.URL, "STOCKCTL_MERCHANT_API_KEY=" + key, "STOCKCTL_TOKEN=" + token,
		}
		var said, answer strings.Builder
		cmd.Stderr, cmd.Stdout = &said, &answer
		k.mu.Lock() // count no request before the process is known
		if k.left = 0; kills < 8 {
			k.target(random, job.mode != "create")
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		k.process = cmd.Process
		k.mu.Unlock()
		err := cmd.Wait()
		var exit *exec.ExitError
		if err == nil {
			checkKilled(t, client, job, answer.String())
			if kills < 4 {
				t.Errorf("only %d kills: too few to test anything", kills)
			}
			return places
		}
		if !errors.As(err, &exit) || exit.Exited() {
			t.Fatalf("%v: %s", err, said.String())
		}
		k.place(t, store, places)
	}
}

// target chooses one of the next requests of a random kind.
func (k *killServer) target(random *rand.Rand, logged bool) {
	writes := func(r *http.Request) bool { return r.Method != http.MethodGet }
	k.aim, k.left, k.after = writes, 1+random.IntN(12), random.IntN(2) == 0
	switch kind := random.IntN(4); {
	case kind == 0: // reads come first, so most of these kills come before any write
		k.aim, k.left = func(r *http.Request) bool { return !writes(r) }, 1+random.IntN(3)
	case kind == 1 && logged:
		k.aim, k.left = func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/logs") }, 1+random.IntN(3)
	}
}

// place records the point of the last kill.
func (k *killServer) place(t *testing.T, store journal.Store, places map[string]int) {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	run := unfinished(t, store)
	if run == "" {
		places[beforeIntent]++
		return
	}
	replay, err := store.Replay(run)
	if err != nil {
		t.Fatal(err)
	}
	if replay.LastIntent == 0 {
		places[beforeIntent]++
	}
	for row, intent := range replay.Open {
		mark := intent.Token
		if mark == "" {
			mark = fmt.Sprintf("prod_%04d", row-1)
		}
		if k.arrived[mark] {
			places[afterSend]++
		} else {
			places[beforeSend]++
		}
	}
	if k.swept && replay.LastIntent > 0 {
		places[inSweep]++
	}
	k.swept = false
}

func unfinished(t *testing.T, store journal.Store) string {
	t.Helper()
	ids, err := store.IDs()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		info, err := store.Inspect(id)
		if err != nil {
			t.Fatal(err)
		}
		if info.Finished == nil {
			return id
		}
	}
	return ""
}

// stock creates the records that adjust and set need.
func (k *killServer) stock(t *testing.T, client *api.Client) {
	t.Helper()
	for i := range killRows {
		qty := int64(i)
		for { // the server has faults
			_, err := client.CreateRecord(t.Context(), api.CreateRecord{ProductID: fmt.Sprintf("prod_%04d", i), WarehouseID: "wh_abc123", InitialQty: &qty})
			var e *api.Error
			if err == nil || errors.As(err, &e) && e.Reason == api.ReasonDuplicate {
				break
			}
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.arrived)
}

// checkKilled compares the server with the file, and the summary with the rows.
func checkKilled(t *testing.T, client *api.Client, job killJob, answer string) {
	t.Helper()
	var summary struct {
		Rows    int64
		Counts  map[string]int64
		Doubled []any
	}
	if err := json.Unmarshal([]byte(answer), &summary); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	var sum int64
	for _, n := range summary.Counts {
		sum += n
	}
	if done := summary.Counts["applied"] + summary.Counts["confirmed"] + summary.Counts["already"]; sum != killRows || done != killRows || len(summary.Doubled) > 0 {
		t.Errorf("the account of %d rows is %s", killRows, answer)
	}
	stock := map[string]int64{}
	for r, err := range client.Records().All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		stock[r.ProductID] = *r.OnHandQty
	}
	for product, want := range job.want {
		if stock[product] != want {
			t.Errorf("%s is %d, want %d", product, stock[product], want)
		}
	}
}

// transfer runs `inventory transfer`, and kills it at one of its next writes, at most so
// many from now; 0: it is not killed. It returns what the program printed.
func (k *killServer) transfer(t *testing.T, bin, home, token string, random *rand.Rand, most int, args ...string) (said string, killed bool, err error) {
	t.Helper()
	var out strings.Builder
	killed, err = k.inventory(t, bin, home, token, random, most, &out, &out, append([]string{"transfer"}, args...)...)
	return out.String(), killed, err
}

// inventory runs `inventory` with the given arguments, and kills it like transfer.
func (k *killServer) inventory(t *testing.T, bin, home, token string, random *rand.Rand, most int, stdout, stderr io.Writer, args ...string) (killed bool, err error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), bin, append([]string{"inventory"}, args...)...)
	cmd.Env = []string{
		"HOME=" + home, "XDG_CONFIG_HOME=" + home, "STOCKCTL_STATE_DIR=" + filepath.Join(home, "state"), "STOCKCTL_TIMEOUT=300ms",
		"STOCKCTL_BASE_URL=" + k.URL, "STOCKCTL_MERCHANT_API_KEY=" + k.shop.Account().MerchantAPIKey, "STOCKCTL_TOKEN=" + token,
	}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	k.mu.Lock()
	k.aim, k.left, k.after = isWrite, 0, random.IntN(2) == 0
	if most > 0 {
		k.left = 1 + random.IntN(most)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	k.process = cmd.Process
	k.mu.Unlock()
	err = cmd.Wait()
	var exit *exec.ExitError
	return errors.As(err, &exit) && !exit.Exited(), err
}

// TestKillTransfer kills the program at random points of transfers, and resumes or undoes
// each of them. Stock that left one warehouse must be in the other, or back.
func TestKillTransfer(t *testing.T) {
	t.Parallel() // it mostly waits
	bin := build(t)
	k := newKillServer(t, 11)
	account := k.Account()
	token := account.Bearer
	client, err := api.New(api.Options{BaseURL: k.URL, Auth: account})
	if err != nil {
		t.Fatal(err)
	}
	k.stock(t, client)
	nothing := int64(0)
	for { // the server has faults
		_, err := client.CreateRecord(t.Context(), api.CreateRecord{ProductID: "prod_0050", WarehouseID: "wh_def456", InitialQty: &nothing})
		if err == nil || failure.KindOf(err) == failure.AlreadyExists {
			break
		}
	}
	home := t.TempDir()
	random := rand.New(rand.NewPCG(11, 7))
	run := func(kill bool, args ...string) (killed bool, err error) {
		most := 0
		if kill {
			most = 2
		}
		_, killed, err = k.transfer(t, bin, home, token, random, most, args...)
		return killed, err
	}
	store := transfer.Store{Dir: filepath.Join(home, "state", "transfers")}
	moved, kills := int64(0), 0
	for range 12 {
		killed, err := run(true, "prod_0050", "--from", "LGS-01", "--to", "ABJ-01", "--qty", "2")
		if killed {
			kills++
		}
		open, failed := store.Unfinished(k.URL)
		if failed != nil {
			t.Fatal(failed)
		}
		if len(open) == 0 { // completed, or certainly not begun
			if err == nil {
				moved += 2
			}
			continue
		}
		end := []string{"resume", "undo"}[random.IntN(2)]
		for tries := 0; ; tries++ {
			if _, err := run(tries == 0 && random.IntN(2) == 0, end, open[0].Reference); err == nil {
				break
			}
			if tries == 20 {
				t.Fatalf("%s %s does not end", end, open[0].Reference)
			}
		}
		plan, err := store.Plan(open[0].Reference)
		if err != nil {
			t.Fatal(err)
		}
		if plan.Done() {
			moved += 2
		}
		if plan.Done() != (end == "resume") {
			t.Errorf("after %s: %s", end, plan.Summary())
		}
	}
	stock := map[string]int64{}
	list, err := client.RecordsOf(t.Context(), "prod_0050", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		stock[r.WarehouseID] = *r.OnHandQty
	}
	if stock["wh_abc123"] != 50-moved || stock["wh_def456"] != moved {
		t.Errorf("%d were moved of 50, and the warehouses hold %v", moved, stock)
	}
	if kills < 4 {
		t.Errorf("only %d kills: too few to test anything", kills)
	}
}

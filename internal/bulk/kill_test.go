package bulk_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/bayworks/stockctl/internal/bulk"
	"github.com/bayworks/stockctl/internal/sandbox"
)

// The variables that make the test binary an importer.
const (
	childURL  = "BULK_TEST_URL"
	childDir  = "BULK_TEST_DIR"
	childFile = "BULK_TEST_FILE"
	childMode = "BULK_TEST_MODE"
	childKey  = "BULK_TEST_KEY"
	childAuth = "BULK_TEST_TOKEN"
)

func TestMain(m *testing.M) {
	if os.Getenv(childURL) == "" {
		os.Exit(m.Run())
	}
	if err := child(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// child imports the file, or goes on with the run that stands.
func child() error {
	ctx := context.Background()
	a := account{os.Getenv(childKey), os.Getenv(childAuth)}
	env := environment(nil, os.Getenv(childURL), a, os.Getenv(childDir))
	open, err := bulk.Unfinished(env.Store)
	if err != nil {
		return err
	}
	var plan *bulk.Plan
	if len(open) > 0 {
		plan, err = bulk.Reopen(ctx, env, open[0].ID)
	} else {
		plan, err = bulk.Check(ctx, env, options(os.Getenv(childFile), bulk.Mode(os.Getenv(childMode))))
	}
	if err != nil {
		return err
	}
	_, err = plan.Run(ctx)
	return err
}

// killer kills the importer when its n-th write arrives: half of the times
// before the work is done, half of the times after it, unanswered.
type killer struct {
	mu      sync.Mutex
	inner   http.Handler
	process *os.Process
	left    int // writes until the kill; 0: none
	after   bool
}

func (k *killer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	fatal, after := false, false
	if r.Method != http.MethodGet {
		fatal, after = k.shot()
	}
	if !fatal {
		k.inner.ServeHTTP(w, r)
		return
	}
	if after {
		// The importer is dead, but its request has arrived.
		k.inner.ServeHTTP(&deaf{http.Header{}}, r.WithContext(context.WithoutCancel(r.Context())))
	}
	panic(http.ErrAbortHandler)
}

// shot counts a write, and kills at the last one. It tells whether it did, and
// whether the write's work is to be done all the same.
func (k *killer) shot() (fatal, after bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.left == 0 {
		return false, false
	}
	k.left--
	if k.left > 0 {
		return false, false
	}
	if err := k.process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		panic(err)
	}
	return true, k.after
}

// deaf is an answer that nobody hears.
type deaf struct{ header http.Header }

func (d *deaf) Header() http.Header         { return d.header }
func (d *deaf) Write(b []byte) (int, error) { return len(b), nil }
func (d *deaf) WriteHeader(int)             {}

// TestKill kills the importer again and again while it writes, and resumes it
// until it is done: the stock is what the file says, and every row is counted.
func TestKill(t *testing.T) {
	for _, mode := range []bulk.Mode{bulk.Create, bulk.Adjust, bulk.Set} {
		for seed := range uint64(3) {
			t.Run(fmt.Sprint(mode, " ", seed), func(t *testing.T) {
				t.Parallel()
				killed(t, mode, seed)
			})
		}
	}
}

func killed(t *testing.T, mode bulk.Mode, seed uint64) {
	k := &killer{}
	s := openShop(t, sandbox.Options{Faults: sandbox.Faults{DropRate: 0.02, FailRate: 0.02, Seed: seed}}, func(inner http.Handler) http.Handler {
		k.inner = inner
		return k
	})
	text, want := killFile(s, mode)
	file := s.file("rows.csv", text)
	random := rand.New(rand.NewPCG(seed, 7))
	kills := 0
	for {
		cmd := s.child(file, mode)
		var said strings.Builder
		cmd.Stderr = &said
		k.mu.Lock() // no write is counted before the process is known
		k.left = 0
		if kills < 8 {
			k.left, k.after = 1+random.IntN(12), random.IntN(2) == 0
		}
		must(t, cmd.Start())
		k.process = cmd.Process
		k.mu.Unlock()
		err := cmd.Wait()
		var exit *exec.ExitError
		if err == nil {
			break
		}
		if !errors.As(err, &exit) || exit.Exited() {
			t.Fatalf("%v: %s", err, said.String())
		}
		kills++
	}
	if kills < 4 {
		t.Errorf("only %d kills: the test tests nothing", kills)
	}
	stock := s.stock()
	for at, qty := range want {
		if stock[at] != qty {
			t.Errorf("%s is %d, want %d", at, stock[at], qty)
		}
	}
	runs, err := bulk.Runs(s.env.Store)
	must(t, err)
	last := runs[len(runs)-1]
	if last.Finished == nil || last.Stats.Sum() != last.Rows || last.Open != 0 {
		t.Errorf("the journal ends with %s of %d rows, %d open", last.Stats, last.Rows, last.Open)
	}
}

// killFile is a file of a mode with what the stock must be after it.
func killFile(s *shop, mode bulk.Mode) (text string, want map[string]int64) {
	want = map[string]int64{}
	if mode == bulk.Create {
		for i := range 60 {
			want[fmt.Sprintf("prod_%04d@wh_def456", i)] = int64(i)
		}
		return opening(60), want
	}
	s.stocked()
	for i := range 7 {
		want[fmt.Sprintf("prod_%04d@wh_def456", i)] = int64(i)
	}
	if mode == bulk.Adjust {
		text, change := ledger(60)
		for at, qty := range change {
			want[at] += qty
		}
		return text, want
	}
	// Set needs many records: those of the shop that were just created, more.
	o := options(s.file("more.csv", opening(60)), bulk.Create)
	_, err := s.run(o)
	must(s.t, err)
	text = "productId,warehouseId,onHandQty\n"
	for i := range 60 {
		text += fmt.Sprintf("prod_%04d,ABJ-01,%d\n", i, i+100)
		want[fmt.Sprintf("prod_%04d@wh_def456", i)] = int64(i + 100)
	}
	return text, want
}

func (s *shop) child(file string, mode bulk.Mode) *exec.Cmd {
	self, err := os.Executable()
	must(s.t, err)
	token, _ := s.server.IssueToken()
	cmd := exec.CommandContext(s.t.Context(), self)
	cmd.Env = append(os.Environ(), childURL+"="+s.web.URL, childDir+"="+s.dir, childFile+"="+file,
		childMode+"="+string(mode), childKey+"="+s.server.Account().MerchantAPIKey, childAuth+"="+token)
	return cmd
}

package transfer_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/transfer"
)

// TestRandomTransfers makes several hundred transfers under faults and kills at every
// step, in both dialects, on stores that accept the actions of a transfer and on stores
// that refuse them. After each is resumed or undone, on this machine or on one without
// the journal, what left one warehouse is in the other, once.
func TestRandomTransfers(t *testing.T) {
	for _, dialect := range []sandbox.Dialect{sandbox.Published, sandbox.Dashboard} {
		for _, strict := range []bool{false, true} {
			t.Run(fmt.Sprint(dialect, " strict ", strict), func(t *testing.T) {
				t.Parallel()
				r := &rough{shop: openShop(t, sandbox.Options{Dialect: dialect, Strict: strict}), random: rand.New(rand.NewPCG(4, 2)), here: t.TempDir()}
				for range 75 {
					r.transfer()
				}
				if r.kills < 30 || r.elsewhere < 5 || r.undone < 10 || r.stops < 10 {
					t.Errorf("%d kills, %d stops, %d resumed elsewhere, %d undone: too few to test anything", r.kills, r.stops, r.elsewhere, r.undone)
				}
			})
		}
	}
}

// rough makes transfers with occasional faults of every kind.
type rough struct {
	*shop
	random *rand.Rand
	here   string

	kills, stops, elsewhere, undone int
}

// weather makes about every third request meet a fault, and sometimes kills the process
// when it reads the clock. Reads are only ever cut or killed.
func (r *rough) weather() {
	r.meet = func(req *http.Request) fault {
		if r.random.IntN(3) > 0 {
			return none
		}
		if req.Method == http.MethodGet {
			return pick(r.random, cutBefore, failBefore, killBefore, page)
		}
		return pick(r.random, cutBefore, cutAfter, failBefore, failAfter, page, killBefore, killAfter, late, refuse)
	}
	r.tick = func() {
		if r.random.IntN(12) == 0 {
			panic(killed{})
		}
	}
}

func (r *rough) transfer() {
	t := r.t
	t.Helper()
	from, to := r.stock()
	qty := 1 + r.random.Int64N(3)
	if from < qty {
		return
	}
	reference, done := "", false
	var last error
	step := func(begin func(transfer.Env) (*transfer.Work, error), run func(*transfer.Work) (transfer.Result, error), dir string) {
		var result transfer.Result
		var err error
		dead := mortal(func() {
			var work *transfer.Work
			if work, err = begin(r.env(dir)); err != nil {
				return
			}
			defer func() { must(t, work.Close()) }()
			reference = work.Plan().Reference
			result, err = run(work)
		})
		switch {
		case dead:
			r.kills++
		case err != nil:
			r.stops++
			last = err
			r.honest(err, reference, from, to, qty)
		default:
			done = true
			r.truthful(result, from, to, qty)
		}
	}
	r.weather()
	step(func(e transfer.Env) (*transfer.Work, error) { return e.Begin(r.plan(qty)) },
		func(w *transfer.Work) (transfer.Result, error) { return w.Run(t.Context()) }, r.here)
	dir := r.here
	if r.random.IntN(4) == 0 { // the journal is lost
		dir = t.TempDir()
		r.elsewhere++
	}
	for tries := 0; reference != "" && (!done || r.random.IntN(4) == 0); tries++ {
		run := (*transfer.Work).Resume
		if r.random.IntN(3) == 0 {
			run = (*transfer.Work).Undo
			r.undone++
		}
		if tries > 6 {
			r.calm()
		}
		if kind := failure.KindOf(last); tries > 8 && (kind == failure.NotFound || kind == failure.Refused) {
			break // it moved nothing and is given up
		}
		if tries > 20 {
			t.Fatalf("transfer %s does not end: %v", reference, last)
		}
		done = false
		step(func(e transfer.Env) (*transfer.Work, error) { return e.Open(t.Context(), reference) },
			func(w *transfer.Work) (transfer.Result, error) { return run(w, t.Context()) }, dir)
	}
	r.calm()
	for _, arrive := range r.late {
		arrive()
	}
	r.late = nil
	if f, n := r.stock(); f+n != from+to || f != from && f != from-qty {
		t.Fatalf("transfer %s of %d: the stock was %d and %d and is %d and %d", reference, qty, from, to, f, n)
	}
}

// truthful compares what was reported as done with the stock.
func (r *rough) truthful(result transfer.Result, from, to, qty int64) {
	r.t.Helper()
	f, n := r.stock()
	switch p := result.Plan; {
	case p.Done() && (f != from-qty || n != to+qty), p.Undone() && (f != from || n != to), !p.Done() && !p.Undone() && (f != from || n != to):
		r.t.Fatalf("%s (done %t, undone %t), but the stock was %d and %d and is %d and %d", p.Summary(), p.Done(), p.Undone(), from, to, f, n)
	}
}

// honest compares a failure with the stock: only an unknown outcome may leave it open,
// and after a partial one exactly one half is applied.
func (r *rough) honest(err error, reference string, from, to, qty int64) {
	r.t.Helper()
	if len(r.late) > 0 {
		return
	}
	f, n := r.stock()
	switch kind := failure.KindOf(err); {
	case kind == failure.Partial && f+n != from+to-qty:
		r.t.Fatalf("transfer %s is reported as half done, but the stock is %d and %d: %v", reference, f, n, err)
	case (kind == failure.Refused || kind == failure.Unavailable) && f+n != from+to:
		r.t.Fatalf("transfer %s is reported as %s, but the stock is %d and %d: %v", reference, kind, f, n, err)
	}
}

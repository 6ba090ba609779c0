package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/importer/importertest"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// rows lists the rows of a run in short form: number, line, record, state and code,
// quantity, and the tag of the token.
func (s *shop) rows(id string) (out []string) {
	s.T.Helper()
	for r, err := range ledger.Rows(s.Env.Store, id) {
		must(s.T, err)
		qty := "null"
		if r.Qty != nil {
			qty = fmt.Sprint(*r.Qty)
		}
		_, token, _ := settle.SplitToken(r.Token)
		if token != "" && r.Token != tokenOf(r.Tag) {
			s.T.Errorf("row %d has token %s and tag %s", r.N, r.Token, r.Tag)
		}
		record := r.Record
		if r.ID != "" {
			record += " " + r.ID
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf("%d/%d %s: %s %s, %s %s", r.N, r.Line, record, r.State, r.Code, qty, token)))
	}
	return out
}

// tokenOf returns the token of a write in the runs of these tests.
func tokenOf(tag string) string { return settle.Token(settle.Tag("test"), tag) }

func (s *shop) expectRows(id string, want ...string) {
	s.T.Helper()
	if got := s.rows(id); !slices.Equal(got, want) {
		s.T.Errorf("the rows are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func (s *shop) expectTokens(id string, tags ...string) {
	s.T.Helper()
	want := map[string]bool{}
	for _, tag := range tags {
		want[tokenOf(tag)] = true
	}
	got, err := ledger.Tokens(s.Env.Store, id)
	must(s.T, err)
	if !maps.Equal(got, want) {
		s.T.Errorf("the tokens are %v, want %v", got, want)
	}
}

// sendRows sends a plan of writes and returns the id of its run.
func (s *shop) sendRows(ctx context.Context, mode stock.Mode, writes ...ledger.Write) string {
	s.T.Helper()
	run := s.begin(mode, one(), writes...)
	_, err := run.Send(ctx)
	must(s.T, err)
	must(s.T, run.Close())
	return run.ID()
}

// A run lists its rows with their outcomes and the quantities sent.
func TestRowsOfEachMode(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		skipped := func(w ledger.Write) ledger.Write {
			w.Decided = &ledger.Outcome{State: journal.Skipped, Code: "c", Message: "m"}
			return w
		}
		adjust := s.sendRows(t.Context(), stock.Adjust, move(3, "a"), move(-1000, "b"), skipped(move(7, "c")))
		s.expectRows(
			adjust,
			"1/2 inv_xyz789 inv_xyz789: applied , 3 aaaaaaaaaaaa",
			"2/3 inv_xyz789 inv_xyz789: rejected negative_stock, -1000 baaaaaaaaaaa",
			"3/4 inv_xyz789 inv_xyz789: skipped c, null",
		)
		s.expectTokens(adjust, "aaaaaaaaaaaa", "baaaaaaaaaaa")
		s.expectRows(
			s.sendRows(t.Context(), stock.Set, set(130, 123), set(130, 130), set(140, 131)),
			"1/2 inv_xyz789 inv_xyz789: applied , 7 bbbbbbbbbbbb",
			"2/3 inv_xyz789 inv_xyz789: already , null",
			"3/4 inv_xyz789 inv_xyz789: applied drifted, 9 bbbbbbbbbbbb",
		)
		creates := s.sendRows(t.Context(), stock.Create, create("prod_new", 5), create("prod_abc123", 5), create("prod_zero", 0), skipped(create("prod_left", 9)))
		s.expectRows(
			creates,
			"1/2 prod_new@wh_abc123: applied , 5",
			"2/3 prod_abc123@wh_abc123: conflict already_exists, null",
			"3/4 prod_zero@wh_abc123: applied , 0",
			"4/5 prod_left@wh_abc123: skipped c, null",
		)
		s.expectTokens(creates)
		for range ledger.Rows(s.Env.Store, creates) {
			break // it must not go on
		}
	})
}

// cutsTheSecond returns the context of a run that is stopped at its second write, which
// does not arrive.
func (s *shop) cutsTheSecond() context.Context {
	ctx, cancel := context.WithCancel(s.T.Context())
	s.answers(func(_ http.ResponseWriter, _ *http.Request, n int64) bool {
		if n == 2 {
			cancel()
			panic(http.ErrAbortHandler)
		}
		return false
	})
	return ctx
}

// A stopped run has rows in doubt and rows that were not attempted. A row that only the
// log confirmed still has its token.
func TestRowsOfAStoppedRun(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		ctx := s.cutsTheSecond()
		id := s.sendRows(ctx, stock.Adjust, move(3, "a"), move(4, "b"), move(5, "c"))
		s.expectRows(
			id,
			"1/2 inv_xyz789 inv_xyz789: applied , 3 aaaaaaaaaaaa",
			"2/3 inv_xyz789 inv_xyz789: inDoubt , 4 baaaaaaaaaaa",
			"3/4 inv_xyz789 inv_xyz789: notAttempted , null",
		)
		s.expectTokens(id, "aaaaaaaaaaaa", "baaaaaaaaaaa")
		s.forget(id, tokenOf("aaaaaaaaaaaa")) // the last line is lost with the machine
		s.forget(id, "o\t1\t")
		got := s.resume(id)
		if got.Counts != (ledger.Counts{Applied: 2, Confirmed: 1}) {
			t.Errorf("got %+v, want %+v", got.Counts, ledger.Counts{Applied: 2, Confirmed: 1})
		}
		s.expectRows(
			id,
			"1/2 inv_xyz789 inv_xyz789: confirmed , 3",
			"2/3 inv_xyz789 inv_xyz789: applied , 4 baaaaaaaaaaa",
			"3/4 inv_xyz789 inv_xyz789: applied , 5 caaaaaaaaaaa",
		)
		s.expectTokens(id, "aaaaaaaaaaaa", "baaaaaaaaaaa", "caaaaaaaaaaa")
	})
}

// A row is listed as on hold until it is decided.
func TestRowsOnHold(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		var blind, calm atomic.Bool
		inner := s.Web.Sandbox
		s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case calm.Load():
				inner.ServeHTTP(w, r)
			case isLog(r) && blind.Load():
				w.WriteHeader(http.StatusBadRequest)
			case isSend(r) && !blind.Swap(true):
				inner.ServeHTTP(&deaf{http.Header{}}, r)
				panic(http.ErrAbortHandler)
			default:
				inner.ServeHTTP(w, r)
			}
		})
		id := s.sendRows(t.Context(), stock.Adjust, move(3, "a"), move(4, "b"))
		s.expectRows(
			id,
			"1/2 inv_xyz789 inv_xyz789: held outcome_unknown, 3 aaaaaaaaaaaa",
			"2/3 inv_xyz789 inv_xyz789: notAttempted , null",
		)
		calm.Store(true)
		s.resume(id)
		s.expectRows(
			id,
			"1/2 inv_xyz789 inv_xyz789: confirmed , 3 aaaaaaaaaaaa",
			"2/3 inv_xyz789 inv_xyz789: applied , 4 baaaaaaaaaaa",
		)
	})
}

// A row that was applied keeps the remark of its outcome.
func TestRowsKeepTheirRemarks(t *testing.T) {
	s := openShop(t, sandbox.Options{})
	s.answers(func(w http.ResponseWriter, r *http.Request, _ int64) bool {
		rec := httptest.NewRecorder()
		s.Web.Sandbox.ServeHTTP(rec, r)
		w.WriteHeader(rec.Code)
		fmt.Fprint(w, strings.ReplaceAll(rec.Body.String(), `"A-1"`, `"B-2"`))
		return true
	})
	write := create("prod_new", 5)
	write.Create.Location = "A-1"
	for r, err := range ledger.Rows(s.Env.Store, s.sendRows(t.Context(), stock.Create, write)) {
		must(t, err)
		if want := `it exists, but location is "B-2", not "A-1"`; r.State != journal.Applied.String() || r.Code != "" || r.Message != want {
			t.Errorf("got %+v, want %s", r, want)
		}
	}
}

// Rows are listed only if the plan matches its seal.
func TestRowsThatCannotBeListed(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openBefore(t)
		s.Env.BaseURL = importertest.URL
		id := s.sendRows(t.Context(), stock.Adjust, move(3, "a"))
		first := func(id string) error {
			for _, err := range ledger.Rows(s.Env.Store, id) {
				if _, same := ledger.Tokens(s.Env.Store, id); fmt.Sprint(same) != fmt.Sprint(err) {
					t.Errorf("the tokens fail with %v, the rows with %v", same, err)
				}
				return err
			}
			return errors.New("no rows")
		}
		if err := first("01AAAAAAAAAAAAAA"); failure.KindOf(err) != failure.NotFound {
			t.Errorf("got %v, want the kind %s", err, failure.NotFound)
		}
		if err := first(oldAdjust); failure.KindOf(err) != failure.Usage || !strings.HasPrefix(err.Error(), "run "+oldAdjust+" was started by an older version of stockctl, which kept no plan") {
			t.Errorf("got %v, want that an older version started the run", err)
		}
		path := filepath.Join(s.Env.Store.Dir, id, "plan")
		must(t, os.WriteFile(path, append([]byte(read(t, path)), 0), 0o600))
		if err := first(id); err == nil || err.Error() != "run "+id+": the plan is not the one that was sealed" {
			t.Errorf("got %v, want %q", err, "run "+id+": the plan is not the one that was sealed")
		}
	})
}

package count_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/count"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/undo"
)

// before is a count that the previous version was posting when it was killed. It had
// sent its four movements as an import of movements.csv, without a plan.
const before = "01M8J39YBEB7CZ9E"

// openBefore opens a copy of that count; journal changes the journal of its run.
func openBefore(t *testing.T, env *environment, journal func(string) string) *count.Session {
	t.Helper()
	dir := t.TempDir()
	must(t, os.CopyFS(filepath.Join(dir, before), os.DirFS(filepath.Join("testdata", "before", before))))
	files, err := filepath.Glob(filepath.Join(dir, before, "runs", "*", "journal"))
	must(t, err)
	text, err := os.ReadFile(files[0])
	must(t, err)
	must(t, os.WriteFile(files[0], []byte(journal(string(text))), 0o600))
	env.Now = func() time.Time { return time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC) }
	env.BaseURL = "http://127.0.0.1:18431" // where it was started
	s, err := count.Store{Dir: dir}.Open(before)
	must(t, err)
	s.Head.Started = time.Now().Add(-time.Hour) // on the clock of the store's log
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// sent is a movement as the previous version sent it.
type sent struct {
	record, token string
	qty           int64
}

func sentBefore() []sent {
	return []sent{
		{"inv_red128", "sc1-tjzcjf-haqp3h35nn3k", -53},
		{"inv_red256", "sc1-tjzcjf-g52vq2resovg", -7},
		{"inv_blue128", "sc1-tjzcjf-e2asqh6s7v25", 33},
		{"inv_blue256", "sc1-tjzcjf-nxb4shm2ihdi", -1},
	}
}

// stocked gives the four records enough stock and returns their quantities.
func stocked(t *testing.T, env environment) map[string]int64 {
	t.Helper()
	for _, one := range sentBefore() {
		_, err := env.Reader.Adjust(t.Context(), one.record, api.Adjustment{Qty: 100, Action: "RECEIVED", Reference: "stock"})
		must(t, err)
	}
	has, _ := onHand(t, env)
	return has
}

// A count that the previous version was posting is completed. Movements that were
// applied are not applied again, whatever the journal says, and the others are.
func TestContinuesACountOfThePreviousVersion(t *testing.T) {
	noOutcomes := func(text string) string {
		return regexp.MustCompile(`(?m)^[0-9a-f]{8} o\t.*\n`).ReplaceAllString(text, "")
	}
	for name, c := range map[string]struct {
		journal func(string) string
		applied int // how many of the four movements the store has
	}{
		"all answered":          {func(text string) string { return text }, 4},
		"none answered":         {noOutcomes, 4},
		"two arrived":           {noOutcomes, 2},
		"none arrived":          {noOutcomes, 0},
		"the journal is lost":   {func(string) string { return "" }, 3},
		"no journal, none sent": {func(string) string { return "" }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			env := serve(t, sandbox.Published, 0, nil)
			had := stocked(t, env)
			for _, one := range sentBefore()[:c.applied] {
				_, err := env.Reader.Adjust(t.Context(), one.record, api.Adjustment{Qty: one.qty, Action: "ADJUSTED", Reference: one.token, Notes: "cycle count " + before})
				must(t, err)
			}
			s := openBefore(t, &env, c.journal)
			lines, agreed, err := s.Agreed()
			must(t, err)
			posted, err := s.Post(t.Context(), env.Env, lines)
			must(t, err)
			if posted.Err != nil || !posted.Finished || !agreed {
				t.Fatalf("agreed %t, finished %t: %v", agreed, posted.Finished, posted.Err)
			}
			for _, l := range lines {
				if l.State != count.Adjusted {
					t.Errorf("%s is %s", l.Record, l.State)
				}
			}
			has, _ := onHand(t, env)
			for _, one := range sentBefore() {
				if has[one.record] != had[one.record]+one.qty {
					t.Errorf("%s had %d, and has %d", one.record, had[one.record], has[one.record])
				}
			}
			tokens := map[string]int{}
			for m, err := range env.Reader.Movements().All(t.Context()) {
				must(t, err)
				if strings.HasPrefix(m.Reference, "sc1-") {
					tokens[m.Reference]++
				}
			}
			want := map[string]int{}
			for _, one := range sentBefore() {
				want[one.token] = 1
			}
			if diff := cmp.Diff(want, tokens); diff != "" {
				t.Errorf("the tokens of this version are not those of the one before: %s", diff)
			}
			must(t, s.End(env.Now()))
			takeBack(t, env, s)
			if now, _ := onHand(t, env); !maps.Equal(now, had) {
				t.Errorf("undone, it is %v, not %v", now, had)
			}
		})
	}
}

// takeBack undoes a count.
func takeBack(t *testing.T, env environment, s *count.Session) {
	t.Helper()
	runs, id, err := s.Applied()
	must(t, err)
	env.Store = s.UndoRuns()
	plan, err := undo.Prepare(t.Context(), env.Env, undo.Options{Source: undo.Source{
		Name: "the count", ID: s.Head.ID, Runs: runs, Run: id, ImportID: s.UndoID(), Reference: "undo", Whole: true,
	}})
	must(t, err)
	_, err = plan.Send(t.Context())
	must(t, err)
	must(t, plan.Close())
}

// If the log does not show whether a movement of the previous version was applied,
// posting stops before anything is sent.
func TestUnsettledCountOfThePreviousVersion(t *testing.T) {
	env := serve(t, sandbox.Published, 0, nil)
	had := stocked(t, env)
	one := sentBefore()[0]
	_, err := env.Reader.Adjust(t.Context(), one.record, api.Adjustment{Qty: one.qty - 1, Action: "ADJUSTED", Reference: one.token})
	must(t, err)
	s := openBefore(t, &env, func(text string) string { return strings.Split(text, "\n")[1] + "\n" })
	lines, _, err := s.Agreed()
	must(t, err)
	_, err = s.Post(t.Context(), env.Env, lines)
	const says = "it is unknown whether 1 movement of an earlier session was applied: nothing was sent"
	if failure.KindOf(err) != failure.OutcomeUnknown || err.Error() != says {
		t.Errorf("got %v, want %q", err, says)
	}
	if has, _ := onHand(t, env); has["inv_red256"] != had["inv_red256"] {
		t.Error("a movement was sent")
	}
}

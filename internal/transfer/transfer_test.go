package transfer_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/transfer"
	"github.com/bayworks/stockctl/internal/workdir"
)

// run makes one transfer of 12 and returns its reference.
func (s *shop) run(dir string) (reference string, result transfer.Result, err error) {
	s.t.Helper()
	work, err := s.env(dir).Begin(s.plan(12))
	must(s.t, err)
	defer func() { must(s.t, work.Close()) }()
	result, err = work.Run(s.t.Context())
	return work.Plan().Reference, result, err
}

// kill begins a transfer of 12 whose process dies before it is complete.
func (s *shop) kill(dir string, faults ...fault) (reference string) {
	s.t.Helper()
	s.onWrites(faults...)
	if !mortal(func() { _, _, _ = s.run(dir) }) {
		s.t.Fatal("the process was not killed")
	}
	s.calm()
	entries, err := os.ReadDir(dir)
	must(s.t, err)
	return entries[0].Name()
}

func (s *shop) end(dir, reference string, undo bool) (transfer.Result, error) {
	s.t.Helper()
	work, err := s.env(dir).Open(s.t.Context(), reference)
	if err != nil {
		return transfer.Result{}, err
	}
	defer func() { must(s.t, work.Close()) }()
	if undo {
		return work.Undo(s.t.Context())
	}
	return work.Resume(s.t.Context())
}

func TestTransferUnderFaults(t *testing.T) {
	const moon = `the API refused the request: "The moon is full" (400)`
	for name, test := range map[string]struct {
		faults   []fault
		kind     failure.Kind // "" for done
		says     string
		hint     string
		from, to int64
	}{
		"answered":          {from: 108, to: 62},
		"out cut after":     {faults: []fault{cutAfter}, from: 108, to: 62},
		"in a web page":     {faults: []fault{none, page}, from: 108, to: 62},
		"in 500 after":      {faults: []fault{none, failAfter}, from: 108, to: 62},
		"out late":          {faults: []fault{late}, from: 108, to: 62},
		"the action is new": {faults: []fault{refuse}, from: 108, to: 62},
		"the action fails":  {faults: []fault{unheardOf}, from: 108, to: 62},
		"out refused": {
			[]fault{refuse, refuse}, failure.Refused, "12 of prod_abc123 were not moved: " + moon, "", 120, 50,
		},
		"out cut before": {
			[]fault{cutBefore},
			failure.Unavailable,
			"12 of prod_abc123 were not moved: the movement was not applied: the connection to shop.test broke: connection reset by peer",
			"the movement log does not contain it: it is safe to run the command again", 120, 50,
		},
		"in refused": {
			[]fault{none, refuse, refuse},
			failure.Partial, "12 of prod_abc123 left LGS-01 and have not arrived in ABJ-01: " + moon,
			"`stockctl inventory transfer resume REF` completes it, `stockctl inventory transfer undo REF` reverses it", 108, 50,
		},
		"in 500 before": {
			[]fault{none, failBefore},
			failure.Partial,
			`12 of prod_abc123 left LGS-01 and have not arrived in ABJ-01: the movement was not applied: the API failed: "Internal server error" (500)`,
			"`stockctl inventory transfer resume REF` completes it, `stockctl inventory transfer undo REF` reverses it", 108, 50,
		},
	} {
		for _, undo := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				s := openShop(t, sandbox.Options{})
				dir := t.TempDir()
				s.onWrites(test.faults...)
				reference, result, err := s.run(dir)
				s.expect(test.from, test.to)
				hint := strings.ReplaceAll(failure.HintOf(err), reference, "REF")
				switch {
				case test.kind == "" && (err != nil || !result.Plan.Done()):
					t.Errorf("got %v and %q, want a completed transfer", err, result.Plan.Summary())
				case test.kind != "" && (failure.KindOf(err) != test.kind || err.Error() != test.says || hint != test.hint):
					t.Errorf("%s: %v (%s)\nwant %s: %s (%s)", failure.KindOf(err), err, hint, test.kind, test.says, test.hint)
				}
				s.calm()
				s.endBoth(dir, reference, undo, test.from)
			})
		}
	}
}

// endBoth resumes or undoes a transfer twice: the second time nothing is sent. A
// transfer that never left is then unknown, or has ended.
func (s *shop) endBoth(dir, reference string, undo bool, from int64) {
	s.t.Helper()
	_, err := s.end(dir, reference, undo)
	if from == 120 {
		if kind := failure.KindOf(err); kind != failure.NotFound && kind != failure.Refused && !undo {
			s.t.Errorf("a transfer that never left ends with %v", err)
		}
		s.expect(120, 50)
		return
	}
	must(s.t, err)
	if from, to := int64(108), int64(62); undo {
		s.expect(120, 50)
	} else {
		s.expect(from, to)
	}
	sent := len(s.writes)
	result, err := s.end(dir, reference, undo)
	if err != nil || result.Wrote || len(s.writes) != sent {
		s.t.Errorf("ended a second time: %v, %d writes", err, len(s.writes)-sent)
	}
	// A machine without the plan says the same.
	result, err = s.end(s.t.TempDir(), reference, undo)
	if err != nil || result.Wrote || len(s.writes) != sent || result.Plan.Undone() != undo || result.Plan.Done() == undo {
		s.t.Errorf("ended elsewhere: %v, %d writes", err, len(s.writes)-sent)
	}
}

// If the API refuses the actions of a transfer, both halves are ADJUSTED and still
// share the reference.
func TestPlainActions(t *testing.T) {
	s := openShop(t, sandbox.Options{Strict: true})
	reference, _, err := s.run(t.TempDir())
	must(t, err)
	s.expect(108, 62)
	var got []string
	for m, err := range s.client().Movements().All(t.Context()) {
		must(t, err)
		if m.Reference == reference {
			got = append(got, m.Action+" "+strings.ReplaceAll(m.Notes, settle.TokenOf(m), "TOKEN"))
		}
	}
	want := "ADJUSTED [TOKEN] 12 from inv_xyz789 to " + s.to.ID + "; van 4|ADJUSTED [TOKEN] 12 from inv_xyz789 to " + s.to.ID + "; van 4"
	if strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// If the log cannot be read, the outcome is unknown, and nothing is sent until it can
// be.
func TestUnreadableLog(t *testing.T) {
	s := openShop(t, sandbox.Options{})
	dir := t.TempDir()
	s.onWrites(none, cutAfter)
	writes := s.meet
	s.meet = func(r *http.Request) fault {
		if strings.HasSuffix(r.URL.Path, "/logs") {
			return refuse
		}
		return writes(r)
	}
	reference, _, err := s.run(dir)
	if failure.KindOf(err) != failure.OutcomeUnknown || !strings.HasPrefix(err.Error(), "12 of prod_abc123 left LGS-01, and it is not known whether they arrived in ABJ-01: ") {
		t.Errorf("got %v, want it to begin with %q", err, "12 of prod_abc123 left LGS-01, and it is not known whether they arrived in ABJ-01: ")
	}
	want := "see `stockctl inventory logs --reference " + reference + "`; `stockctl inventory transfer resume " + reference + "` looks there before it sends anything"
	if hint := failure.HintOf(err); hint != want {
		t.Errorf("hint %q, want %q", hint, want)
	}
	for _, undo := range []bool{false, true} {
		if _, err := s.end(dir, reference, undo); failure.KindOf(err) != failure.OutcomeUnknown || len(s.writes) != 3 {
			t.Errorf("got %v, %d writes", err, len(s.writes))
		}
	}
	s.calm()
	s.endBoth(dir, reference, true, 108)
}

// If a first half arrives late, together with its second attempt, the second is refused
// because the stock is gone. The log shows the first, so the half is not reported as
// refused.
func TestRefusalOfWhatWasSentBefore(t *testing.T) {
	s := openShop(t, sandbox.Options{})
	dir := t.TempDir()
	s.onWrites(killBefore)
	var first *http.Request
	meet := s.meet
	s.meet = func(r *http.Request) fault {
		f := meet(r)
		if f == killBefore {
			body, err := io.ReadAll(r.Body)
			must(t, err)
			r.Body = io.NopCloser(bytes.NewReader(body))
			first = r.Clone(t.Context())
			first.Body = io.NopCloser(bytes.NewReader(body))
		}
		return f
	}
	mortal(func() {
		work, err := s.env(dir).Begin(s.plan(120))
		must(t, err)
		defer func() { must(t, work.Close()) }()
		_, _ = work.Run(t.Context())
	})
	entries, err := os.ReadDir(dir)
	must(t, err)
	s.meet = func(r *http.Request) fault {
		if r.Method != http.MethodGet && first != nil {
			late := first
			first = nil
			s.do(late)
		}
		return none
	}
	result, err := s.end(dir, entries[0].Name(), false)
	if err != nil || !result.Plan.Done() {
		t.Errorf("got %v and %q, want a completed transfer", err, result.Plan.Summary())
	}
	s.expect(0, 170)
}

// A half that another machine has just sent, or will send once a busy API permits, is
// waited for before it is sent from here.
func TestResumeElsewhereWaits(t *testing.T) {
	for _, undo := range []bool{false, true} {
		s := openShop(t, sandbox.Options{})
		dir := t.TempDir()
		reference := s.kill(dir, none, killBefore)
		s.late = []func(){func() { s.arrive(reference) }}
		s.waited = 0
		result, err := s.end(t.TempDir(), reference, undo)
		if err != nil || s.waited.Round(time.Second) != time.Minute+2*5*time.Second || result.Plan.Undone() != undo {
			t.Errorf("got %v after %s", err, s.waited)
		}
		if from, to := s.stock(); from+to != 170 {
			t.Errorf("the stock is %d and %d", from, to)
		}
	}
}

// arrive makes a transfer's half IN arrive late.
func (s *shop) arrive(reference string) {
	s.adjust(s.to.ID, api.Adjustment{
		Qty: 12, Action: "TRANSFERRED_IN", Reference: reference,
		Notes: "[" + reference + "/in] 12 from inv_xyz789 to " + s.to.ID,
	})
}

// An undone transfer is checked again: what arrived very late is reversed, and a hint
// says how to fix what was applied twice.
func TestUndoReadsTheLogAgain(t *testing.T) {
	s := openShop(t, sandbox.Options{})
	dir := t.TempDir()
	reference := s.kill(dir, none, killBefore)
	_, err := s.end(dir, reference, true)
	must(t, err)
	s.expect(120, 50)
	s.arrive(reference)
	_, err = s.end(dir, reference, true)
	must(t, err)
	s.expect(120, 50)
	s.arrive(reference)
	_, err = s.end(dir, reference, true)
	want := "reverse the second one: `stockctl inventory adjust " + s.to.ID + " --qty=-12 --action adjusted --notes '" + reference + " came twice'`; after that nothing is left to do here"
	if failure.KindOf(err) != failure.OutcomeUnknown || failure.HintOf(err) != want {
		t.Errorf("got %v, %s", err, failure.HintOf(err))
	}
}

func (s *shop) adjust(record string, change api.Adjustment) {
	_, err := s.client().Adjust(s.t.Context(), record, change)
	must(s.t, err)
}

// If the log does not match the plan, nothing is moved.
func TestStrangeLog(t *testing.T) {
	for name, test := range map[string]struct {
		strange api.Adjustment
		says    string
	}{
		"the first half twice": {api.Adjustment{Qty: -12, Action: "SOLD", Notes: "[REF/out] 12 from inv_xyz789 to inv_b"}, "the log contains [REF/out] twice"},
		"another quantity":     {api.Adjustment{Qty: -3, Action: "SOLD", Notes: "[REF/undo-out] x"}, "the log contains [REF/undo-out] with record inv_xyz789 and quantity -3"},
		"by hand": {
			api.Adjustment{Qty: -3, Action: "SOLD", Reference: "REF", Notes: "by hand"},
			`the log contains a movement of -3 of record "inv_xyz789" under reference REF that is not part of this transfer`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := openShop(t, sandbox.Options{})
			dir := t.TempDir()
			reference := s.kill(dir, none, killBefore)
			test.strange.Notes = strings.ReplaceAll(test.strange.Notes, "REF", reference)
			test.strange.Reference = strings.ReplaceAll(test.strange.Reference, "REF", reference)
			s.adjust("inv_xyz789", test.strange)
			sent := len(s.writes)
			_, err := s.end(dir, reference, false)
			want := "12 of prod_abc123 left LGS-01, and it is not known whether they arrived in ABJ-01; nothing was sent: " + strings.ReplaceAll(test.says, "REF", reference)
			if failure.KindOf(err) != failure.OutcomeUnknown || err.Error() != want || len(s.writes) != sent {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

// If the log omits the notes, movements are recognised by record and reference. If it
// omits both, it proves nothing.
func TestLogWithoutNotes(t *testing.T) {
	for name, test := range map[string]struct {
		hide string
		says string
	}{
		"notes": {"notes", ""},
		"and reference": {
			"notes reference",
			"12 of prod_abc123 left LGS-01, and it is not known whether they arrived in ABJ-01; nothing was sent: " +
				"the log does not show [REF/out], which the API accepted, so a movement that it does not show may have been applied",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := openShop(t, sandbox.Options{})
			dir := t.TempDir()
			reference := s.kill(dir, none, killAfter)
			s.inner = hiding{s.inner, strings.Fields(test.hide)}
			_, err := s.end(dir, reference, false)
			want := strings.ReplaceAll(test.says, "REF", reference)
			if want == "" && err != nil || want != "" && (err == nil || err.Error() != want) {
				t.Errorf("got %v, want %s", err, want)
			}
			s.expect(108, 62)
			if _, err := s.end(t.TempDir(), reference, true); err == nil {
				t.Error("a machine that knows neither record undid it")
			}
			s.expect(108, 62)
		})
	}
}

// hiding removes fields from the log.
type hiding struct {
	http.RoundTripper
	fields []string
}

func (h hiding) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := h.RoundTripper.RoundTrip(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, "/logs") {
		return res, err
	}
	var body struct {
		Status bool           `json:"status"`
		Data   map[string]any `json:"data"`
	}
	if err := json.NewDecoder(res.Body).Decode(&body); err != nil {
		return nil, err
	}
	for _, row := range body.Data["content"].([]any) {
		for _, field := range h.fields {
			delete(row.(map[string]any), field)
		}
	}
	text, err := json.Marshal(body)
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	return res, err
}

// Only one process can work on a transfer.
func TestOneProcess(t *testing.T) {
	s := openShop(t, sandbox.Options{})
	dir := t.TempDir()
	work, err := s.env(dir).Begin(s.plan(12))
	must(t, err)
	reference := work.Plan().Reference
	_, err = s.end(dir, reference, false)
	if want := "transfer " + reference + " is in use by another process"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	must(t, work.Close())
	open, err := transfer.Store{Dir: dir}.Unfinished("https://shop.test")
	if err != nil || len(open) != 1 || open[0].Reference != reference {
		t.Errorf("got %+v and the error %v, want only %s", open, err, reference)
	}
	env := s.env(dir)
	env.BaseURL = "https://other.test"
	_, err = env.Open(t.Context(), reference)
	if want := "transfer " + reference + " belongs to profile test (https://shop.test)"; failure.KindOf(err) != failure.Usage || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// The plan is on disk, readable only by its owner, before the first movement is sent. A
// finished one is removed after a month.
func TestStore(t *testing.T) {
	s := openShop(t, sandbox.Options{})
	dir := filepath.Join(t.TempDir(), "transfers")
	seen := false
	s.meet = func(r *http.Request) fault {
		if r.Method == http.MethodGet || seen {
			return none
		}
		seen = true
		must(t, filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			must(t, err)
			info, err := d.Info()
			must(t, err)
			if info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s is %s", name, info.Mode())
			}
			return nil
		}))
		if names, err := filepath.Glob(filepath.Join(dir, "*", "head")); err != nil || len(names) != 1 {
			t.Errorf("there is %q, %v", names, err)
		}
		return none
	}
	reference, _, err := s.run(dir)
	must(t, err)
	store := transfer.Store{Dir: dir}
	must(t, store.Prune(s.now.Add(workdir.Finished-time.Hour)))
	if _, err := os.Stat(filepath.Join(dir, reference)); err != nil {
		t.Error(err)
	}
	must(t, store.Prune(s.now.Add(workdir.Finished+time.Hour)))
	if _, err := os.Stat(filepath.Join(dir, reference)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the finished plan stays: %v", err)
	}
}

// The user's notes must leave room for those of the halves.
func TestNotesHaveRoom(t *testing.T) {
	p := transfer.Plan{Qty: 12, From: transfer.Side{RecordID: "inv_a"}, To: transfer.Side{RecordID: "inv_b"}}
	for n, want := range map[int]string{
		205: "", 206: "--notes: is longer than the 205 characters that a transfer has room for",
	} {
		p.Notes = strings.Repeat("ä", n)
		if got := p.Problem(); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
	p.Notes = "a\x1bb"
	if got, want := p.Problem(), "--notes: contains a control character"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The wait before a half is sent again depends on the timeout of its first sender. A
// plan that cannot be read is an error.
func TestWaitsForTheFirstSender(t *testing.T) {
	s := openShop(t, sandbox.Options{})
	dir := t.TempDir()
	reference := s.kill(dir, none, killBefore)
	name := filepath.Join(dir, reference, "head")
	text, err := os.ReadFile(name)
	must(t, err)
	line, whole := workdir.Unseal(bytes.TrimSuffix(text, []byte{'\n'}))
	if !whole {
		t.Fatalf("the plan does not show that it is complete: %s", text)
	}
	longer := strings.Replace(line, `"timeout":5000000000`, `"timeout":40000000000`, 1)
	must(t, os.WriteFile(name, workdir.Seal(nil, []byte(longer)), 0o600))
	s.waited = 0
	_, err = s.end(dir, reference, false)
	if err != nil || s.waited.Round(time.Second) != 2*40*time.Second {
		t.Errorf("got %v after %s", err, s.waited)
	}
	s.expect(108, 62)
	must(t, os.WriteFile(name, []byte("{"), 0o600))
	_, err = s.end(dir, reference, false)
	if want := "transfer " + reference + ": " + name + " is damaged: its checksum does not match"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// What another machine did since is detected: a transfer that was undone there is not
// reported as done here, and is not undone again.
func TestUndoneElsewhere(t *testing.T) {
	s := openShop(t, sandbox.Options{})
	dir := t.TempDir()
	reference, _, err := s.run(dir)
	must(t, err)
	_, err = s.end(t.TempDir(), reference, true)
	must(t, err)
	sent := len(s.writes)
	for _, undo := range []bool{false, true} {
		result, err := s.end(dir, reference, undo)
		if err != nil || !result.Plan.Undone() || len(s.writes) != sent {
			t.Errorf("undo %t: %v, undone %t, %d writes", undo, err, result.Plan.Undone(), len(s.writes)-sent)
		}
	}
	s.expect(120, 50)
}

// A transfer that is done here counts as done even while the log cannot be read.
func TestDoneWithoutALog(t *testing.T) {
	s := openShop(t, sandbox.Options{})
	dir := t.TempDir()
	reference, _, err := s.run(dir)
	must(t, err)
	s.meet = func(*http.Request) fault { return refuse }
	result, err := s.end(dir, reference, false)
	if err != nil || !result.Plan.Done() || result.Wrote {
		t.Errorf("got %v and %q, want a completed transfer, with nothing sent", err, result.Plan.Summary())
	}
}

// The example in the error for a malformed reference is itself well-formed.
func TestTheExampleOfAReferenceIsOne(t *testing.T) {
	_, err := (transfer.Env{}).Open(t.Context(), "tr_abc")
	if err == nil || failure.KindOf(err) != failure.Usage {
		t.Fatalf("got %v, want the kind %s", err, failure.Usage)
	}
	text := err.Error()
	if example := text[strings.LastIndex(text, " ")+1:]; !transfer.ValidReference(example) {
		t.Errorf("%q is not a reference: %v", example, err)
	}
}

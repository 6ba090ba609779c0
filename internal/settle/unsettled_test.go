package settle_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/settle"
)

// token returns the n-th token of a run.
func token(n int) string {
	return settle.Token("ufjjzb", fmt.Sprintf("czz2wh4mm%c%c%c", 'a'+n/26/26, 'a'+n/26%26, 'a'+n%26))
}

// bench is a run with movements to settle. The test controls its clock and the desk's
// log.
type bench struct {
	*desk
	set  *settle.Unsettled
	over chan struct{}
	gone chan struct{}
	stop context.CancelFunc

	mu        sync.Mutex
	clock     time.Time
	halted    []error
	decisions map[string]settle.Decision
	each      chan string // the tokens of decided movements
}

const arrives = 5 * time.Second

func openBench(t *testing.T, change func(*settle.Options)) *bench {
	t.Helper()
	b := &bench{desk: openDesk(t), over: make(chan struct{}), gone: make(chan struct{}), decisions: map[string]settle.Decision{}, each: make(chan string, 100)}
	b.clock = b.now.Add(-time.Hour) // as on the desk's client
	o := settle.Options{Log: b.settler.Log(), Timeout: 40 * time.Millisecond, Watermark: &settle.Watermark{Newest: "start", At: b.clock.Add(-time.Minute)}, Now: b.time}
	if change != nil {
		change(&o)
	}
	b.set = settle.NewUnsettled(o)
	return b
}

func (b *bench) time() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.clock
}

func (b *bench) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clock = b.clock.Add(d)
}

func (b *bench) run(t *testing.T, maxWait time.Duration) {
	t.Helper()
	stop, cancel := context.WithCancel(t.Context())
	b.stop = cancel
	go func() {
		defer close(b.gone)
		b.set.Run(stop, b.over, settle.Outage{MaxWait: maxWait, Halt: func(err error) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.halted = append(b.halted, err)
			cancel()
		}})
	}()
	t.Cleanup(func() {
		close(b.over)
		<-b.gone
		cancel()
	})
}

// lose adds movements of -3 for record inv_1 that were just sent.
func (b *bench) lose(tokens ...string) {
	for _, token := range tokens {
		now := b.time()
		b.set.Add(settle.Lost{Token: token, Record: "inv_1", Qty: -3, First: now, Arrives: now.Add(arrives)}, func(d settle.Decision) {
			b.mu.Lock()
			b.decisions[d.Token] = d
			b.mu.Unlock()
			b.each <- d.Token
		})
	}
}

func (b *bench) decided(t *testing.T, token string) settle.Decision {
	t.Helper()
	select {
	case <-b.each:
	case <-time.After(10 * time.Second):
		t.Fatalf("nothing is decided, %d wait", b.set.Len())
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.decisions[token]
}

func (b *bench) logs(lines ...string) {
	b.log = func(string) [][]string { return [][]string{lines} }
}

func (b *bench) shows(token, record string, qty int) string {
	return entry("log_"+token, record, qty, b.at(0), `"reference":"`+token+`"`)
}

// One reading of the log settles all waiting movements. Those in the log are confirmed
// immediately; missing ones are decided only once they can no longer arrive.
func TestOneReadingSettlesAllMovements(t *testing.T) {
	b := openBench(t, nil)
	b.logs(b.shows(token(1), "inv_1", -3), b.shows(token(2), "inv_2", -3))
	b.lose(token(1), token(2), token(3))
	b.run(t, time.Minute)
	b.decided(t, "")
	second := b.decided(t, token(2))
	first := b.decisions[token(1)]
	if first.Conclusion != settle.Confirmed || first.Entry.ID != "log_"+token(1) {
		t.Errorf("got %+v, want it confirmed by its entry", first)
	}
	if second.Conclusion != settle.Held || second.Reason.Error() != "its token is in the movement log, but with record inv_2 and quantity -3" {
		t.Errorf("what exists with another record: %+v", second)
	}
	if n := b.count("/logs"); n > 2 {
		t.Errorf("%d pages were read for three movements", n)
	}
	if b.set.Len() != 1 {
		t.Fatalf("%d are waiting: a write that may still arrive was decided", b.set.Len())
	}
	b.pass(arrives)
	if d := b.decided(t, token(3)); d.Conclusion != settle.Absent || d.Reason != nil {
		t.Errorf("what does not exist: %+v", d)
	}
}

// The second reading finds a movement that arrives while the run waits.
func TestLateMovementIsFound(t *testing.T) {
	b := openBench(t, nil)
	var reads int
	b.log = func(string) [][]string {
		if reads++; reads < 2 {
			return nil
		}
		return [][]string{{b.shows(token(1), "inv_1", -3)}}
	}
	b.lose(token(1))
	if err := b.set.Settle(t.Context(), func(_ context.Context, wait time.Duration) error {
		if wait != arrives {
			t.Errorf("waits %s", wait)
		}
		b.pass(wait)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if d := b.decided(t, token(1)); d.Conclusion != settle.Confirmed || reads != 2 {
		t.Errorf("%+v after %d readings", d, reads)
	}
}

// Once a movement was accepted, the log must show its token. If it does not, a missing
// movement cannot be declared absent.
func TestALogThatHidesTokens(t *testing.T) {
	for name, c := range map[string]struct {
		line   func(*bench) string
		place  settle.Place
		want   settle.Conclusion
		hidden []string
	}{
		"shown":             {func(b *bench) string { return b.shows(token(1), "inv_9", 1) }, settle.InReference, settle.Absent, nil},
		"another is shown":  {func(b *bench) string { return b.shows(token(7), "inv_9", 1) }, settle.InReference, settle.Absent, nil},
		"hidden":            {func(*bench) string { return `{"id":"log_1"}` }, settle.InReference, settle.Held, []string{"reference"}},
		"shown in notes":    {func(b *bench) string { return entry("log_1", "inv_9", 1, b.at(0), `"notes":"[`+token(7)+`]"`) }, settle.InReference, settle.Held, []string{"reference"}},
		"notes, and hidden": {func(b *bench) string { return b.shows(token(7), "inv_9", 1) }, settle.InNotes, settle.Absent, []string{"notes"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := openBench(t, nil)
			b.logs(c.line(b))
			b.set.Accepted(c.place, token(1))
			b.lose(token(2))
			b.pass(arrives)
			b.run(t, time.Minute)
			if d := b.decided(t, token(2)); d.Conclusion != c.want {
				t.Errorf("got %+v, want the conclusion %v", d, c.want)
			}
			if got := b.set.PlacesWithoutTokens(); !slices.Equal(got, c.hidden) {
				t.Errorf("hidden: %q, want %q", got, c.hidden)
			}
		})
	}
}

// An entry without a token could be any movement like it, until the log shows a token.
func TestALookalikeHoldsAMovement(t *testing.T) {
	for name, c := range map[string]struct {
		more string
		qty  int
		want settle.Conclusion
	}{
		"alike":         {"", 3, settle.Held},
		"another size":  {"", 4, settle.Absent},
		"with a number": {`"reference":"PO-1"`, 3, settle.Absent},
	} {
		t.Run(name, func(t *testing.T) {
			b := openBench(t, nil)
			b.logs(entry("log_1", "inv_1", c.qty, b.at(time.Second), c.more))
			b.lose(token(1))
			b.pass(arrives)
			b.run(t, time.Minute)
			if d := b.decided(t, token(1)); d.Conclusion != c.want {
				t.Errorf("got %+v, want the conclusion %v", d, c.want)
			}
		})
	}
}

// A movement with its own reference has the token in its notes. An entry without notes
// could be that movement unless it has another reference.
func TestALookalikeWithAReference(t *testing.T) {
	for more, want := range map[string]settle.Conclusion{
		"":                                     settle.Held,
		`"reference":"PO-1"`:                   settle.Held,
		`"reference":"PO-2"`:                   settle.Absent,
		`"reference":"PO-1","notes":"by hand"`: settle.Absent,
	} {
		b := openBench(t, nil)
		b.logs(entry("log_1", "inv_1", -3, b.at(time.Second), more))
		var got settle.Decision
		now := b.time()
		lost := settle.Lost{Token: token(1), Record: "inv_1", Qty: -3, Place: settle.PlaceOf("PO-1"), Reference: "PO-1", First: now, Arrives: now}
		b.set.Add(lost, func(d settle.Decision) { got = d })
		must(t, b.set.Settle(t.Context(), nil))
		if got.Conclusion != want {
			t.Errorf("%s: got %+v, want the conclusion %v", more, got, want)
		}
	}
}

// A thorough reading counts repeated tokens; otherwise the reading stops once all
// tokens were found.
func TestThoroughReading(t *testing.T) {
	for _, thorough := range []bool{true, false} {
		b := openBench(t, func(o *settle.Options) { o.Thorough = thorough })
		b.log = func(string) [][]string {
			first := append([]string{b.shows(token(1), "inv_1", -3)}, b.noise("n", 49, -time.Minute, -time.Second)...)
			return [][]string{first, {entry("log_again", "inv_1", -3, b.at(-time.Hour), `"reference":"`+token(1)+`"`)}}
		}
		b.lose(token(1))
		must(t, b.set.Settle(t.Context(), nil))
		want, pages := 1, 1
		if thorough {
			want, pages = 2, 2
		}
		if d := b.decisions[token(1)]; d.Conclusion != settle.Confirmed || d.Times != want || b.count("/logs") < pages || !thorough && b.count("/logs") != 1 {
			t.Errorf("thorough %t: %d times in %d pages, %+v", thorough, d.Times, b.count("/logs"), d)
		}
	}
}

// Two entries with the same token, one of them for another record, do not confirm the
// movement, whichever comes first.
func TestATokenWithTwoRecords(t *testing.T) {
	for _, other := range []int{0, 1} {
		b := openBench(t, func(o *settle.Options) { o.Thorough = true })
		lines := []string{b.shows(token(1), "inv_1", -3), entry("log_2", "inv_1", -3, b.at(-time.Second), `"reference":"`+token(1)+`"`)}
		lines[other] = entry("log_other", "inv_2", -3, b.at(0), `"reference":"`+token(1)+`"`)
		b.logs(lines...)
		b.lose(token(1))
		must(t, b.set.Settle(t.Context(), nil))
		if d := b.decisions[token(1)]; d.Conclusion != settle.Held || d.Entry.ID != "log_other" || d.Times != 2 {
			t.Errorf("got %+v, want a held movement whose token the log shows twice", d)
		}
	}
}

// A reading goes back to where the options say, and not beyond a watermark unless
// necessary.
func TestWhereAReadingBegins(t *testing.T) {
	long := func(b *bench) [][]string {
		return [][]string{
			b.noise("a", 50, -time.Minute, -time.Second), b.noise("b", 50, -16*time.Hour, -time.Second),
			b.noise("c", 50, -20*time.Hour, -time.Second), b.noise("d", 50, -40*time.Hour, -time.Second),
		}
	}
	back := func(d time.Duration) *time.Time {
		at := time.Date(2026, 4, 1, 11, 0, 0, 0, time.UTC).Add(-d)
		return &at
	}
	for name, c := range map[string]struct {
		change func(*settle.Options)
		pages  int
	}{
		"at the first send":     {func(o *settle.Options) { o.Watermark = nil }, 2},
		"at a time":             {func(o *settle.Options) { o.Watermark, o.From = nil, back(5*time.Hour) }, 3},
		"at the beginning":      {func(o *settle.Options) { o.Watermark, o.From = nil, &time.Time{} }, 5},
		"at a watermark":        {func(o *settle.Options) { o.Watermark = &settle.Watermark{Newest: "a_10", At: *back(time.Minute)} }, 2},
		"at an older watermark": {func(o *settle.Options) { o.Watermark = &settle.Watermark{Newest: "c_49", At: *back(time.Minute)} }, 4},
	} {
		b := openBench(t, c.change)
		b.log = func(string) [][]string { return long(b) }
		if _, err := b.client.RecordsOf(t.Context(), "p", ""); err != nil { // learns the server's clock
			t.Fatal(err)
		}
		b.lose(token(1))
		b.pass(arrives)
		must(t, b.set.Settle(t.Context(), nil))
		if n := b.count("/logs"); n != c.pages || b.decisions[token(1)].Conclusion != settle.Absent {
			t.Errorf("%s: %d pages, want %d; %+v", name, n, c.pages, b.decisions[token(1)])
		}
	}
}

// Each reading records a watermark to shorten the next one. Movements sent before it are
// still found.
func TestReadingsGetShorter(t *testing.T) {
	b := openBench(t, nil)
	log := b.noise("old", 200, -time.Minute, -time.Second)
	b.log = func(string) (pages [][]string) {
		return slices.Collect(slices.Chunk(log, 50))
	}
	b.lose(token(1)) // sent before the first reading
	b.pass(arrives)
	must(t, b.set.Settle(t.Context(), nil))
	long := b.count("/logs")
	b.pass(time.Second)
	b.lose(token(2))
	b.pass(arrives)
	must(t, b.set.Settle(t.Context(), nil))
	if short := b.count("/logs") - long; long != 5 || short != 2 {
		t.Errorf("%d pages, then %d", long, short)
	}
	if since := b.set.Since(); since.Newest != "start" {
		t.Errorf("the oldest watermark is %+v", since)
	}
}

// An error from Tokens ends the reading without any decision.
func TestTokensError(t *testing.T) {
	begun := 0
	b := openBench(t, func(o *settle.Options) {
		o.Tokens = func() func(api.Movement) (string, error) {
			begun++
			return func(m api.Movement) (string, error) {
				if m.Reference == "strange" {
					return "", fmt.Errorf("strange")
				}
				return settle.TokenOf(m), nil
			}
		}
	})
	b.logs(b.shows(token(1), "inv_1", -3), entry("log_1", "inv_1", 1, b.at(0), `"reference":"strange"`), b.shows(token(2), "inv_1", -3))
	b.lose(token(1), token(2))
	for want := range 2 {
		if err := b.set.Settle(t.Context(), nil); err == nil || err.Error() != "strange" || b.set.Len() != 2 || begun != want+1 {
			t.Errorf("got %v, %d wait, %d readings", err, b.set.Len(), begun)
		}
	}
}

// While all goes well, a run notes the end of the log when more than half a minute has
// passed. It does so between two readings: the count is compared after the second.
func TestARunNotesTheEndOfTheLog(t *testing.T) {
	b := openBench(t, nil)
	var lines []string
	for n := range 6 {
		lines = append(lines, b.shows(token(n), "inv_1", -3))
	}
	b.logs(lines...)
	b.run(t, time.Minute)
	for n, c := range []struct {
		after time.Duration
		reads int
	}{{0, 1}, {30 * time.Second, 2}, {0, 3}, {time.Nanosecond, 0}, {0, 6}, {30 * time.Second, 7}} {
		b.pass(c.after)
		b.lose(token(n))
		if d := b.decided(t, token(n)); d.Conclusion != settle.Confirmed || c.reads > 0 && b.count("/logs") != c.reads {
			t.Errorf("after movement %d: %d readings, want %d: %+v", n, b.count("/logs"), c.reads, d)
		}
	}
}

// The reason why the log cannot be read determines what a run does.
func TestALogThatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		after  time.Duration // how long reads have failed
		held   bool
		halts  bool
	}{
		"away":                                {503, "", time.Minute, false, false},
		"away, no longer than is tolerated":   {503, "", 30 * time.Minute, false, false},
		"away, too long":                      {503, "", time.Hour, false, true},
		"not signed in":                       {401, "", 0, false, true},
		"no permission":                       {403, "", 0, true, false},
		"spoilt":                              {200, `{"status":true,"data":{"content":[],"page":0,"limit":50,"totalElements":9}}`, 100 * time.Millisecond, false, false},
		"spoilt, no longer than is tolerated": {200, `{"status":true,"data":{"content":[],"page":0,"limit":50,"totalElements":9}}`, 160 * time.Millisecond, false, false},
		"unusable for long": {
			200, `{"status":true,"data":{"content":[],"page":0,"limit":50,"totalElements":9}}`, time.Second, true, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := openBench(t, nil)
			failing := make(chan struct{}, 100)
			b.answer = func(w respond) {
				says(c.status, c.body)(w)
				select {
				case failing <- struct{}{}:
				default:
				}
			}
			b.lose(token(1))
			b.run(t, 30*time.Minute)
			<-failing
			if c.after > 0 {
				<-failing // the run has recorded the start of the failure
				b.pass(c.after)
			}
			if c.held || c.halts {
				d := b.decided(t, token(1))
				if c.held && (d.Conclusion != settle.Held || !strings.HasPrefix(d.Reason.Error(), "the movement log cannot be read: ")) || c.halts && d.Conclusion != settle.Undecided {
					t.Errorf("got %+v, want it held because the log cannot be read, or undecided if the run halts", d)
				}
			} else {
				<-failing
				<-failing
			}
			b.mu.Lock()
			defer b.mu.Unlock()
			if halted := len(b.halted) > 0; halted != c.halts || halted && !strings.HasPrefix(b.halted[0].Error(), "reading the movement log: ") {
				t.Errorf("halted by %v", b.halted)
			}
			if !c.held && !c.halts && b.set.Len() != 1 {
				t.Error("it is decided")
			}
		})
	}
}

// A stopped run returns undecided movements, and those added later.
func TestStoppedRunReturnsUndecidedMovements(t *testing.T) {
	b := openBench(t, nil)
	b.run(t, time.Minute)
	b.lose(token(1))
	b.stop()
	if d := b.decided(t, token(1)); d.Conclusion != settle.Undecided || d.Record != "inv_1" {
		t.Errorf("got %+v, want an undecided movement of inv_1", d)
	}
	b.lose(token(2))
	if d := b.decided(t, token(2)); d.Conclusion != settle.Undecided {
		t.Errorf("got %+v, want an undecided movement", d)
	}
	if b.set.Len() != 0 {
		t.Errorf("%d wait", b.set.Len())
	}
}

// Repeats counts repeated tokens with one tag since a watermark.
func TestRepeatedTokens(t *testing.T) {
	b := openBench(t, nil)
	var lines []string
	add := func(token string, times int) {
		for range times {
			lines = append(lines, entry(fmt.Sprint("log_", len(lines)), "inv_1", -3, b.at(-time.Duration(len(lines))*time.Second), `"reference":"`+token+`"`))
		}
	}
	for n := range 200 {
		add(token(n), 1)
	}
	add(token(7), 1)
	add(token(150), 3)
	add("sc1-aaaaaa-czz2wh4mmaaa", 2)
	add("PO-1", 2)
	b.log = func(string) [][]string { return slices.Collect(slices.Chunk(lines, 50)) }
	got, err := b.settler.Log().Repeats(t.Context(), settle.Watermark{}, "ufjjzb")
	want := []settle.Repeat{{Token: token(7), Record: "inv_1", Qty: -3, More: 1}, {Token: token(150), Record: "inv_1", Qty: -3, More: 3}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v and the error %v, want %+v", got, err, want)
	}
	if got, err = b.settler.Log().Repeats(t.Context(), settle.Watermark{Newest: "log_10"}, "ufjjzb"); err != nil || len(got) != 0 {
		t.Errorf("since a watermark: %+v, %v", got, err)
	}
	b.logFails = 403
	_, err = b.settler.Log().Repeats(t.Context(), settle.Watermark{}, "ufjjzb")
	if failure.KindOf(err) != failure.Permission || !strings.HasPrefix(err.Error(), "checking in the movement log that nothing was applied twice: ") {
		t.Errorf("got %v, want it to begin with %q", err, "checking in the movement log that nothing was applied twice: ")
	}
}

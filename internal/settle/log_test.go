package settle_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/settle"
)

func (d *desk) adjust(t *testing.T) settle.Movement {
	t.Helper()
	return d.settler.Adjust(t.Context(), "inv_1", api.Adjustment{Qty: -3, Action: "SOLD"})
}

// A token in the log confirms a movement only with the record and quantity that were
// sent. The sign depends on the dialect, and the log may omit the record.
func TestATokenWithAnotherRecordOrQuantityIsOnHold(t *testing.T) {
	for name, c := range map[string]struct {
		record string
		qty    int
		says   string // "" for found
	}{
		"as sent":           {"inv_1", -3, ""},
		"the other sign":    {"inv_1", 3, ""},
		"no record":         {"", -3, ""},
		"another record":    {"inv_2", -3, "its token is in the movement log, but with record inv_2 and quantity -3"},
		"another quantity":  {"inv_1", -4, "its token is in the movement log, but with record inv_1 and quantity -4"},
		"quantity 0":        {"inv_1", 0, "its token is in the movement log, but with record inv_1 and quantity 0"},
		"quantity, doubled": {"", 6, "its token is in the movement log, but with record  and quantity 6"},
	} {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t)
			d.write = lost
			d.log = func(sent string) [][]string {
				return [][]string{{entry("log_1", c.record, c.qty, d.at(0), carried(sent))}}
			}
			got := d.adjust(t)
			if c.says == "" {
				if got.Err != nil || !got.Confirmed {
					t.Errorf("confirmed %t, %v", got.Confirmed, got.Err)
				}
				return
			}
			if got.Confirmed {
				t.Error("it is reported as confirmed")
			}
			unknown(t, got.Err, "looking for it in the log: "+c.says)
			if want := "look for its token with `stockctl inventory logs --reference " + got.Token + "` before you send it again"; failure.HintOf(got.Err) != want {
				t.Errorf("hint %s", failure.HintOf(got.Err))
			}
			if d.count("PATCH") != 1 {
				t.Errorf("sent %d times", d.count("PATCH"))
			}
		})
	}
}

// An entry with an empty field for the token may be the movement if it looks like it
// and is not older than the send by more than two seconds.
func TestAnEntryWithoutATokenMayBeTheMovement(t *testing.T) {
	for name, c := range map[string]struct {
		record string
		qty    int
		after  time.Duration
		naive  bool
		more   string
		may    bool
	}{
		"alike":                      {"inv_1", -3, 0, false, "", true},
		"the other sign":             {"inv_1", 3, 0, false, "", true},
		"two seconds before":         {"inv_1", -3, -2 * time.Second, false, "", true},
		"just more than two seconds": {"inv_1", -3, -2*time.Second - time.Millisecond, false, "", false},
		"older, without a zone":      {"inv_1", -3, -time.Hour, true, "", true},
		"another record":             {"inv_2", -3, 0, false, "", false},
		"another quantity":           {"inv_1", -2, 0, false, "", false},
		"a reference of its own":     {"inv_1", -3, 0, false, `"reference":"PO-9"`, false},
		"notes of its own":           {"inv_1", -3, 0, false, `"notes":"wet"`, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t)
			d.naive, d.write = c.naive, lost
			d.log = func(string) [][]string { return [][]string{{entry("log_1", c.record, c.qty, d.at(c.after), c.more)}} }
			got := d.adjust(t)
			if c.may {
				unknown(t, got.Err, "the movement log contains a similar movement without a token, which may be this one")
				return
			}
			if failure.KindOf(got.Err) != failure.Unavailable || !strings.HasPrefix(got.Err.Error(), "the stock movement was not applied: ") ||
				failure.HintOf(got.Err) != "the movement log does not contain it: it is safe to run the command again" {
				t.Errorf("%s: %v (%s)", failure.KindOf(got.Err), got.Err, failure.HintOf(got.Err))
			}
			if len(d.waits) != 1 || d.waits[0] != d.client.Timeout() {
				t.Errorf("waited %v", d.waits)
			}
		})
	}
}

// If times have no zone, a current movement may appear to be 14 hours old. The search
// must go that far back, past thousands of others, but not to the end of the log.
func TestTheLogIsSearchedBackThroughEveryTimeZone(t *testing.T) {
	for name, at := range map[string]time.Duration{
		"farthest west":   -12 * time.Hour,
		"14 hours back":   -14 * time.Hour,
		"and a slow wait": -14*time.Hour - 14*time.Minute,
	} {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t)
			d.naive, d.write = true, lost
			d.log = func(sent string) [][]string {
				mine := entry("log_mine", "inv_1", -3, d.at(at-30*time.Second), carried(sent))
				return [][]string{
					d.noise("new", 50, -time.Second, -time.Second), append(d.noise("mid", 49, at/2, -time.Second), mine),
					d.noise("old", 50, -20*time.Hour, -time.Second), d.noise("older", 50, -30*time.Hour, -time.Second),
				}
			}
			if got := d.adjust(t); got.Err != nil || !got.Confirmed {
				t.Errorf("confirmed %t, %v", got.Confirmed, got.Err)
			}
		})
	}
}

// A log sorted newest first is read until its entries are older than the movement can
// be; any other log is read to its end.
func TestTheLogIsReadNoFartherThanNeeded(t *testing.T) {
	for name, c := range map[string]struct {
		pages func(d *desk) [][]string
		read  int
	}{
		"newest first": {func(d *desk) [][]string {
			return [][]string{d.noise("a", 50, -time.Second, -time.Second), d.noise("b", 50, -15*time.Hour, -time.Second), d.noise("c", 50, -16*time.Hour, -time.Second)}
		}, 2},
		"newest first, within reach": {func(d *desk) [][]string {
			return [][]string{d.noise("a", 50, -time.Second, -time.Second), d.noise("b", 50, -14*time.Hour, -time.Second), d.noise("c", 50, -14*time.Hour-10*time.Minute, -time.Second)}
		}, 4},
		"oldest first": {func(d *desk) [][]string {
			return [][]string{d.noise("a", 50, -40*time.Hour, time.Second), d.noise("b", 50, -30*time.Hour, time.Second), d.noise("c", 50, -time.Hour, time.Second)}
		}, 4},
		"in any order": {func(d *desk) [][]string {
			return [][]string{d.noise("a", 50, -30*time.Hour, time.Second), d.noise("b", 50, -40*time.Hour, -time.Second), d.noise("c", 50, -time.Hour, -time.Second)}
		}, 4},
		"all at one old time": {func(d *desk) [][]string {
			return [][]string{d.noise("a", 50, -20*time.Hour, 0), d.noise("b", 50, -20*time.Hour, 0)}
		}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t)
			d.log = func(string) [][]string { return c.pages(d) }
			if _, err := d.client.RecordsOf(t.Context(), "p", ""); err != nil { // learns the server's clock
				t.Fatal(err)
			}
			seen := map[string]int{}
			must(t, d.settler.Log().Since(t.Context(), d.now.Add(-time.Hour), func(m api.Movement) bool { seen[m.ID]++; return true }))
			if got := d.count("/logs"); got != c.read {
				t.Errorf("%d pages were read, want %d", got, c.read)
			}
			for id, n := range seen {
				if n != 1 {
					t.Errorf("%s was visited %d times", id, n)
				}
			}
			if want := min(c.read, len(c.pages(d))); len(seen) < (want-1)*50 {
				t.Errorf("%d entries were visited", len(seen))
			}
		})
	}
}

// The search is limited by the server's clock once it is known, and by ours before.
func TestTheLogIsSearchedByTheServersClock(t *testing.T) {
	d := openDesk(t)
	edge := -14*time.Hour - 15*time.Minute // on the server's clock
	d.log = func(string) [][]string {
		return [][]string{d.noise("a", 50, edge+49*time.Second, -time.Second), d.noise("b", 50, edge-time.Second, -time.Second), d.noise("c", 1, edge-time.Hour, 0)}
	}
	visits := func() (n int) {
		must(t, d.settler.Log().Since(t.Context(), d.now.Add(-time.Hour), func(api.Movement) bool { n++; return true }))
		return n
	}
	// Our clock is an hour behind, so it reads an hour more.
	if n := visits(); n != 101 {
		t.Errorf("%d entries by our clock, want 101", n)
	}
	if n := visits(); n != 51 {
		t.Errorf("%d entries by the server's clock, want those in reach and one more", n)
	}
}

// A reading visits the entries newer than its watermark and 50 more, since entries with
// the same time may be in any order.
func TestAReadingGoesPastItsWatermark(t *testing.T) {
	d := openDesk(t)
	log := d.noise("log", 300, 0, -time.Second)
	pages := func(all []string) (out [][]string) {
		for len(all) > 0 {
			n := min(50, len(all))
			out, all = append(out, all[:n]), all[n:]
		}
		return out
	}
	d.log = func(string) [][]string { return pages(log) }
	seen := 0
	must(t, d.settler.Log().After(t.Context(), settle.Watermark{Newest: "log_120"}, func(api.Movement) bool { seen++; return true }))
	if seen != 121+50 || d.count("/logs") != 4 {
		t.Errorf("%d entries of %d pages, want 171 of 4", seen, d.count("/logs"))
	}
	for what, watermark := range map[string]settle.Watermark{"an empty log": {}, "an entry that is gone": {Newest: "log_gone"}} {
		seen = 0
		must(t, d.settler.Log().After(t.Context(), watermark, func(api.Movement) bool { seen++; return true }))
		if seen != 300 {
			t.Errorf("since %s: %d entries, want all", what, seen)
		}
	}
	seen = 0
	must(t, d.settler.Log().After(t.Context(), settle.Watermark{}, func(api.Movement) bool { seen++; return seen < 7 }))
	if seen != 7 {
		t.Errorf("%d entries after 7 were enough", seen)
	}

	// In a log sorted oldest first, the watermark does not end the reading.
	log = d.noise("log", 300, 0, time.Second)
	seen = 0
	must(t, d.settler.Log().After(t.Context(), settle.Watermark{Newest: "log_120"}, func(api.Movement) bool { seen++; return true }))
	if seen != 300 {
		t.Errorf("oldest first: %d entries, want all", seen)
	}

	d.logFails = 403
	if err := d.settler.Log().After(t.Context(), settle.Watermark{}, func(api.Movement) bool { return true }); failure.KindOf(err) != failure.Permission {
		t.Errorf("a log that cannot be read: %v", err)
	}
}

// A watermark is the newest entry, the length of the log if it is known, and our time.
func TestAWatermarkIsWhereTheLogEnds(t *testing.T) {
	d := openDesk(t)
	got, err := d.settler.Log().Watermark(t.Context())
	if err != nil || got.Newest != "" || got.Total != 0 || !got.At.Equal(d.now.Add(-time.Hour)) {
		t.Errorf("an empty log: %+v, %v", got, err)
	}
	d.log = func(string) [][]string {
		return [][]string{d.noise("log", 50, 0, -time.Second), d.noise("old", 3, -time.Hour, 0)}
	}
	got, err = d.settler.Log().Watermark(t.Context())
	if err != nil || got.Newest != "log_0" || got.Total != 0 {
		t.Errorf("got %+v and the error %v, want the newest entry log_0", got, err)
	}
	if n := d.count("/logs"); n > 3 {
		t.Errorf("%d pages were read for two watermarks", n)
	}
	d.logFails = 500
	if got, err = d.settler.Log().Watermark(t.Context()); got != (settle.Watermark{}) || failure.KindOf(err) != failure.Unavailable {
		t.Errorf("got %+v and the error %v, want no watermark", got, err)
	}
}

// A log that returns the same page forever, without a total, proves nothing.
func TestALogThatDoesNotEndProvesNothing(t *testing.T) {
	d := openDesk(t)
	same := d.noise("log", 50, 0, -time.Second)
	d.log = func(string) [][]string {
		var all [][]string
		for range 20 {
			all = append(all, same)
		}
		return all
	}
	const says = "the API's response repeats its pages and does not state how many rows there are, so there may be more (200)"
	if err := d.settler.Log().Since(t.Context(), d.now, func(api.Movement) bool { return true }); err == nil || err.Error() != says {
		t.Errorf("got %v, want %q", err, says)
	}
	if err := d.settler.Log().After(t.Context(), settle.Watermark{Newest: "gone"}, func(api.Movement) bool { return true }); err == nil || err.Error() != says {
		t.Errorf("got %v, want %q", err, says)
	}
	d.write = lost
	unknown(t, d.adjust(t).Err, says)
	d.log = func(string) [][]string { return [][]string{same} }
	if err := d.settler.Log().Since(t.Context(), d.now, func(api.Movement) bool { return true }); err != nil {
		t.Errorf("a log of one page: %v", err)
	}
}

// The waits of a create in doubt are half a second and one second, plus or minus half.
func TestTheWaitsBetweenSendsOfACreate(t *testing.T) {
	d := openDesk(t)
	d.write = says(500, "")
	got := d.settler.Create(t.Context(), full(), settle.Same)
	unknown(t, got.Err, "the API failed, so it is not known whether the change was made (500)")
	if d.count("POST") != 3 || len(d.waits) != 2 {
		t.Fatalf("sent %d times, waited %v", d.count("POST"), d.waits)
	}
	for i, middle := range []time.Duration{500 * time.Millisecond, time.Second} {
		if d.waits[i] < middle/2 || d.waits[i] > middle*3/2 {
			t.Errorf("wait %d is %v, want %v to %v", i, d.waits[i], middle/2, middle*3/2)
		}
	}
}

// If the wait is interrupted, the outcome is unknown, and the error has the cause.
func TestAnInterruptedSettlementIsUnknown(t *testing.T) {
	d := openDesk(t)
	d.write = lost
	stopped := errors.New("stopped by hand")
	settler := d.settler.WithClock(func() time.Time { return d.now }, func(_ context.Context, wait time.Duration) error {
		if wait > 0 {
			return stopped
		}
		return nil
	})
	got := settler.Adjust(t.Context(), "inv_1", api.Adjustment{Qty: -3, Action: "SOLD"})
	unknown(t, got.Err, "looking for it in the log: stopped by hand")
	made := settler.Create(t.Context(), full(), settle.Same)
	if made.Outcome != settle.Unknown || d.count("POST") != 1 {
		t.Errorf("outcome %s after %d sends", made.Outcome, d.count("POST"))
	}
}

// The note that users read while a run waits, and the length of the wait.
func TestHowLongARequestMayArrive(t *testing.T) {
	for _, c := range []struct{ one, other, want time.Duration }{
		{5 * time.Second, 30 * time.Second, time.Minute}, {30 * time.Second, 5 * time.Second, time.Minute}, {0, 0, 0},
	} {
		if got := settle.MaxInFlight(c.one, c.other); got != c.want {
			t.Errorf("MaxInFlight(%v, %v) = %v, want %v", c.one, c.other, got, c.want)
		}
	}
	for wait, want := range map[time.Duration]string{
		time.Minute: "1m0s", 1600 * time.Millisecond: "2s", 10 * time.Millisecond: "1s",
	} {
		if got := settle.WaitNote(wait, "create"); got != "waiting "+want+" for a create that may still arrive" {
			t.Errorf("%v: %s", wait, got)
		}
	}
}

package settle_test

import (
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/settle"
)

func (d *desk) step(t *testing.T, doubted bool, policy settle.Policy) (settle.Creation, bool) {
	t.Helper()
	return d.settler.CreateStep(t.Context(), d.client, full(), policy, settle.Sent{First: d.now.Add(-time.Hour), Doubted: doubted})
}

// A step sends the create once and leaves sending it again to the caller, unless the
// existing record settles it.
func TestAStepOfACreate(t *testing.T) {
	const no = `{"status":false,"message":"no"}`
	for name, c := range map[string]struct {
		write   func(respond)
		doubted bool
		exists  bool
		outcome settle.Outcome
		settled bool
		kind    failure.Kind
	}{
		"lost":                                {lost, false, true, settle.Unknown, false, failure.OutcomeUnknown},
		"lost again":                          {lost, true, true, settle.Unknown, false, failure.OutcomeUnknown},
		"broken":                              {says(503, no), false, true, settle.Unknown, false, failure.OutcomeUnknown},
		"refused":                             {says(403, no), false, true, settle.Refused, true, failure.Permission},
		"refused after a loss, it exists":     {says(403, no), true, true, settle.Created, true, ""},
		"refused after a loss, none":          {says(403, no), true, false, settle.Unknown, true, failure.OutcomeUnknown},
		"not let in":                          {says(401, ""), false, true, settle.Refused, true, failure.Auth},
		"not let in after a loss":             {says(401, ""), true, true, settle.Unknown, false, failure.Auth},
		"exists":                              {says(409, no), false, true, settle.Already, true, ""},
		"exists after a loss":                 {says(409, no), true, true, settle.Created, true, ""},
		"a reason that did not arrive":        {says(400, "<html>"), false, true, settle.Already, true, ""},
		"a reason that did not arrive, lost":  {says(400, "<html>"), true, true, settle.Created, true, ""},
		"a reason that did not arrive, alone": {says(400, "<html>"), false, false, settle.Refused, true, failure.Refused},
	} {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t)
			d.write = c.write
			if record := d.fullRecord(); c.exists {
				d.records = func() string { return "[" + record + "]" }
			}
			got, settled := d.step(t, c.doubted, settle.Same)
			if got.Outcome != c.outcome || settled != c.settled || failure.KindOf(got.Err) != c.kind && c.kind != "" || (got.Err == nil) != (c.kind == "") {
				t.Errorf("outcome %s, settled %t, %s: %v", got.Outcome, settled, failure.KindOf(got.Err), got.Err)
			}
			if d.count("POST") != 1 || len(d.waits) != 0 {
				t.Errorf("sent %d times, waited %v", d.count("POST"), d.waits)
			}
		})
	}
}

// A busy API has not created anything, so the caller sends the create again.
func TestAStepThatFindsTheAPIBusy(t *testing.T) {
	d := openDesk(t)
	d.write = says(429, "")
	for _, doubted := range []bool{false, true} {
		got, settled := d.step(t, doubted, settle.Same)
		if failure.KindOf(got.Err) != failure.Unavailable || settled != !doubted {
			t.Errorf("doubted %t: settled %t, %v", doubted, settled, got.Err)
		}
	}
}

// A create that is not sent again is settled by the record that exists. If there is
// none it was not created, unless the records cannot be read.
func TestFinishCreate(t *testing.T) {
	d := openDesk(t)
	sent := settle.Sent{First: d.now.Add(-time.Hour), Doubted: true}
	d.write = lost
	last, _ := d.step(t, true, settle.Same)
	end := func() (settle.Creation, bool) {
		return d.settler.FinishCreate(t.Context(), full(), settle.Same, sent, last.Err)
	}
	if got, there := end(); there || got.Outcome != settle.Refused || got.Err == nil {
		t.Errorf("no record: outcome %s, %t, %v", got.Outcome, there, got.Err)
	}
	d.readsFail = 403
	got, there := end()
	unknown(t, got.Err, "creating p/s@w: ")
	if !there || got.Outcome != settle.Unknown {
		t.Errorf("unread: outcome %s, %t", got.Outcome, there)
	}
	d.readsFail = 0
	d.records = func() string { return "[" + d.fullRecord() + "]" }
	if got, there = end(); !there || got.Outcome != settle.Created || !got.Confirmed || got.Err != nil {
		t.Errorf("the record exists: outcome %s, %t, %v", got.Outcome, there, got.Err)
	}
	d.records = func() string { return "[" + d.fullRecord("B-02-1", "Z-9") + "]" }
	got, there = end()
	unknown(t, got.Err, `a record exists, but location is "Z-9", not "B-02-1"`)
	if !there {
		t.Error("another record was taken for ours")
	}
}

// After a lost response, --if-exists set sends no movement.
func TestSetAfterALossSendsNothing(t *testing.T) {
	d := openDesk(t)
	d.write = says(409, `{"status":false,"message":"Conflict"}`)
	old := d.fullRecord(d.at(0), d.at(-time.Hour), `"onHandQty":50`, `"onHandQty":30`)
	d.records = func() string { return "[" + old + "]" }
	got, settled := d.step(t, true, settle.Set)
	const says = "the inventory record p/s@w already existed, and a response was lost, so on hand was not set"
	if !settled || got.Outcome != settle.Already || got.Err == nil || got.Err.Error() != says || d.count("PATCH") != 0 {
		t.Errorf("outcome %s, settled %t, %v", got.Outcome, settled, got.Err)
	}
	d.records = func() string { return "[" + d.fullRecord(d.at(0), d.at(-time.Hour)) + "]" }
	if got, _ = d.step(t, true, settle.Set); got.Outcome != settle.Already || got.Err != nil || d.count("PATCH") != 0 {
		t.Errorf("nothing to set: outcome %s, %v", got.Outcome, got.Err)
	}
}

func TestParsePolicy(t *testing.T) {
	for _, text := range settle.Policies() {
		if got, err := settle.ParsePolicy(text); err != nil || string(got) != text {
			t.Errorf("%s: %q, %v", text, got, err)
		}
	}
	const says = `--if-exists must be fail, same, skip or set, not "Set"`
	if got, err := settle.ParsePolicy("Set"); got != "" || failure.KindOf(err) != failure.Usage || err.Error() != says {
		t.Errorf("got %q and the error %v, want %q", got, err, says)
	}
}

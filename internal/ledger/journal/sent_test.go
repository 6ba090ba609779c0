package journal

import "testing"

// A run has sent something if a row with an intent has an outcome. What a check decided
// has none, and a row that was only going to be sent says nothing yet.
func TestSent(t *testing.T) {
	_, r := started(t)
	for _, step := range []struct {
		name string
		do   func() error
		sent bool
	}{
		{"nothing", func() error { return nil }, false},
		{"decided by the check", func() error { return r.End(Outcome{Row: 1, State: Invalid}, false) }, false},
		{"about to be sent", func() error { return r.Intend(Intent{Row: 2, Line: 2, Attempt: 1, At: at(5)}) }, false},
		{"known from before", func() error { return r.End(Outcome{Row: 3, State: Already}, false) }, false},
		{"refused", func() error { return r.End(Outcome{Row: 2, State: Rejected}, false) }, true},
	} {
		must(t, step.do())
		replay, err := r.Reread()
		must(t, err)
		if replay.Sent != step.sent {
			t.Errorf("%s: sent %t, want %t", step.name, replay.Sent, step.sent)
		}
	}
	must(t, r.Close())
}

package settle_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/settle"
)

// The rules by which every movement in doubt is settled, one per line.
func TestWhatALogSaysOfAMovement(t *testing.T) {
	const (
		hidden    = "the movement log does not return tokens, so it is unknown whether it was applied"
		lookalike = "the movement log contains a similar movement without a token, which may be this one"
	)
	other := api.Movement{ID: "log_1", InventoryID: "inv_2", QtyChange: -4}
	for name, c := range map[string]struct {
		seen settle.Sighting
		want settle.Conclusion
		why  string
	}{
		"found":                                  {settle.Sighting{Found: true}, settle.Confirmed, ""},
		"found, before it may be called absent":  {settle.Sighting{Found: true, Final: false}, settle.Confirmed, ""},
		"found in a place that hid others":       {settle.Sighting{Found: true, Final: true, Place: settle.Hidden}, settle.Confirmed, ""},
		"found with another record":              {settle.Sighting{Found: true, Other: true, Entry: other}, settle.Held, "its token is in the movement log, but with record inv_2 and quantity -4"},
		"found with something else":              {settle.Sighting{Found: true, Other: true, Final: true}, settle.Held, "its token is in the movement log with another record or quantity"},
		"not there yet":                          {settle.Sighting{}, settle.Undecided, ""},
		"not there yet, in a place that hides":   {settle.Sighting{Place: settle.Hidden, Lookalike: true}, settle.Undecided, ""},
		"not there":                              {settle.Sighting{Final: true}, settle.Absent, ""},
		"not there, where tokens are shown":      {settle.Sighting{Final: true, Place: settle.Proven}, settle.Absent, ""},
		"not there, where tokens are hidden":     {settle.Sighting{Final: true, Place: settle.Hidden}, settle.Held, hidden},
		"not there, before any token was seen":   {settle.Sighting{Final: true, Place: settle.Awaited}, settle.Undecided, ""},
		"one like it":                            {settle.Sighting{Final: true, Lookalike: true}, settle.Held, lookalike},
		"one like it, before any token was seen": {settle.Sighting{Final: true, Lookalike: true, Place: settle.Awaited}, settle.Undecided, ""},
		"one like it, where tokens are shown":    {settle.Sighting{Final: true, Lookalike: true, Place: settle.Proven}, settle.Absent, ""},
	} {
		got, why := c.seen.Conclude()
		if got != c.want || fmt.Sprint(why) != fmt.Sprint(errorOf(c.why)) {
			t.Errorf("%s: got %d, %v; want %d, %s", name, got, why, c.want, c.why)
		}
	}
}

func errorOf(text string) error {
	if text == "" {
		return nil
	}
	return errors.New(text)
}

// A refusal of a movement that was sent before is inconclusive, as it can be a
// consequence of its own success.
func TestWhatAResponseMeans(t *testing.T) {
	status := func(code int) error { return &api.Error{Status: code} }
	for name, c := range map[string]struct {
		err          error
		first, later settle.Meaning
	}{
		"a yes":             {nil, settle.MeansApplied, settle.MeansApplied},
		"in doubt":          {&api.Error{Status: 500, InDoubt: true}, settle.MeansInDoubt, settle.MeansInDoubt},
		"400":               {status(http.StatusBadRequest), settle.MeansRefused, settle.MeansInDoubt},
		"403":               {status(http.StatusForbidden), settle.MeansRefused, settle.MeansInDoubt},
		"404":               {status(http.StatusNotFound), settle.MeansRefused, settle.MeansInDoubt},
		"409":               {status(http.StatusConflict), settle.MeansRefused, settle.MeansInDoubt},
		"422":               {status(http.StatusUnprocessableEntity), settle.MeansRefused, settle.MeansInDoubt},
		"429":               {status(http.StatusTooManyRequests), settle.MeansNothing, settle.MeansNothing},
		"no connection":     {&api.Error{Err: errors.New("refused")}, settle.MeansNothing, settle.MeansNothing},
		"a bad certificate": {&api.Error{Err: &tls.CertificateVerificationError{Err: errors.New("x")}}, settle.MeansStop, settle.MeansStop},
		"401":               {status(http.StatusUnauthorized), settle.MeansStop, settle.MeansStop},
		"no configuration":  {failure.New(failure.Config, "x"), settle.MeansStop, settle.MeansStop},
		"Ctrl-C":            {failure.ErrCancelled, settle.MeansStop, settle.MeansStop},
		"SIGTERM":           {failure.New(failure.Terminated, "x"), settle.MeansStop, settle.MeansStop},
		"a mistake of ours": {failure.Usagef("x"), settle.MeansRefused, settle.MeansInDoubt},
	} {
		if got := settle.MeaningOf(c.err, false); got != c.first {
			t.Errorf("%s: got %d, want %d", name, got, c.first)
		}
		if got := settle.MeaningOf(c.err, true); got != c.later {
			t.Errorf("%s, sent before: got %d, want %d", name, got, c.later)
		}
	}
}

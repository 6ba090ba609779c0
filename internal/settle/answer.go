package settle

import (
	"errors"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// Meaning is what the answer to one sending says about a stock movement.
type Meaning int

// The meanings.
const (
	MeansApplied Meaning = iota // it was applied
	MeansRefused                // it was not applied, and sending it again would change nothing
	MeansInDoubt                // it may have been applied
	MeansNothing                // nothing happened: it may be sent again
	MeansStop                   // nothing happened, and no other write would fare better
)

// Hear says what the error of a write means. sentBefore tells that the movement
// was sent before, and that sending is not known to have been refused: then a
// refusal may be about its own success. "Not enough stock" is what a movement
// hears that took the stock the first time.
func Hear(err error, sentBefore bool) Meaning {
	switch {
	case err == nil:
		return MeansApplied
	case api.InDoubt(err):
		return MeansInDoubt
	}
	var answer *api.Error
	switch failure.KindOf(err) {
	case failure.Unavailable:
		if errors.As(err, &answer) && !answer.Retryable() {
			return MeansStop
		}
		return MeansNothing
	case failure.Auth, failure.Config, failure.Interrupted, failure.Terminated:
		return MeansStop
	}
	if sentBefore {
		return MeansInDoubt
	}
	return MeansRefused
}

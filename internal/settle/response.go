package settle

import (
	"errors"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// Meaning is what a response says about a stock movement.
type Meaning int

// The meanings.
const (
	MeansApplied Meaning = iota // it was applied
	MeansRefused                // it was not applied, and sending it again would not help
	MeansInDoubt                // it may have been applied
	MeansNothing                // it was not applied and may be sent again
	MeansStop                   // it was not applied, and other writes would fail, too
)

// MeaningOf returns the meaning of a write's error. sentBefore says that the movement was
// sent earlier and may have been applied. A refusal can then be a consequence of its
// own success: "not enough stock", for example, because the first attempt took it.
func MeaningOf(err error, sentBefore bool) Meaning {
	if err == nil {
		return MeansApplied
	}
	if api.InDoubt(err) {
		return MeansInDoubt
	}
	var apiErr *api.Error
	switch failure.KindOf(err) {
	case failure.Unavailable:
		if errors.As(err, &apiErr) && !apiErr.Retryable() {
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

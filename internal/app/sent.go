package app

import (
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// OnceSent returns the failure of a command, which must not promise that nothing was sent
// if this process has sent a write: its exit code is neither 2 nor, unless the API says
// so, 3.
func (a *App) OnceSent(err error) error {
	kind := failure.KindOf(err)
	if !a.sent.Load() || kind != failure.Usage && kind != failure.Config || api.Answered(err) {
		return err
	}
	hint := "a change was sent before this happened: check it before you repeat the command"
	if own := failure.HintOf(err); own != "" {
		hint += "; " + own
	}
	return failure.New(failure.Unexpected, "%w", err).Hint("%s", hint)
}

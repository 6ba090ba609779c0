package app

import (
	"errors"
	"strings"

	"github.com/bayworks/stockctl/internal/config"
)

// Salvage makes a run go on whose configuration cannot be used, to tell what
// else is wrong. It returns what Config says, nil for nothing. After it, Config
// has what is left: all of the file when only its mode is wrong, else nothing of
// it, and not the STOCKCTL_ variables either when one of those is wrong. What a
// flag alone gets wrong cannot be salvaged: that is err.
func (a *App) Salvage() (wrong, err error) {
	if _, wrong = a.Config(); wrong == nil {
		return nil, nil
	}
	in := a.inputs()
	if errors.Is(wrong, config.ErrReadByOthers) {
		in.AnyMode = true
	} else {
		in.NoFile = true
	}
	a.config, err = config.Load(in)
	if err != nil {
		in.NoFile, in.LookupEnv = true, a.lookupForeign
		a.config, err = config.Load(in)
	}
	return wrong, err
}

// lookupForeign looks up what is not stockctl's own, and where its files are.
func (a *App) lookupForeign(name string) (string, bool) {
	own := strings.HasPrefix(name, "STOCKCTL_")
	if own && name != "STOCKCTL_CONFIG" && name != "STOCKCTL_STATE_DIR" {
		return "", false
	}
	return a.LookupEnv(name)
}

package app

import (
	"errors"
	"strings"

	"github.com/bayworks/stockctl/internal/config"
)

// Salvage lets a run continue with an unusable configuration, to find what else is
// wrong. It returns the error of Config as wrong. After that, Config returns what is
// usable: the whole file if only its mode is wrong, otherwise none of it, and no
// STOCKCTL_ variables if one of them is invalid. An invalid flag cannot be salvaged
// and is returned as err.
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

// lookupForeign looks up variables other than stockctl's own, except those for the
// location of its files.
func (a *App) lookupForeign(name string) (string, bool) {
	own := strings.HasPrefix(name, "STOCKCTL_")
	if own && name != "STOCKCTL_CONFIG" && name != "STOCKCTL_STATE_DIR" {
		return "", false
	}
	return a.LookupEnv(name)
}

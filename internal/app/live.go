package app

import (
	"context"
	"fmt"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/iostreams"
)

// Target returns the profile that is written to, with its kind of stock for a real
// API: "shop (LIVE)".
func (a *App) Target() string {
	c, err := a.Config()
	switch {
	case err != nil:
		return ""
	case c.IsSandbox():
		return c.Profile()
	case a.Live():
		return c.Profile() + " " + iostreams.Live
	}
	return c.Profile() + " (test)"
}

// Written returns the end of a message about a write: the profile, and LIVE for real
// stock.
func (a *App) Written() string {
	c, err := a.Config()
	switch {
	case err != nil:
		return ""
	case a.Live():
		return " in profile " + c.Profile() + " " + iostreams.Live
	}
	return " in profile " + c.Profile()
}

// Live reports whether the merchant key is for real stock.
func (a *App) Live() bool {
	c, err := a.Config()
	if err != nil || c.IsSandbox() {
		return false
	}
	key, err := c.Secrets().MerchantKey()
	return err == nil && key.KeyKind() == "live"
}

// NoteLive notes what was written with a live key, for commands that otherwise need no
// message about a write.
func (a *App) NoteLive(format string, args ...any) {
	if a.Live() {
		a.Note("%s%s", fmt.Sprintf(format, args...), a.Written())
	}
}

// Guarded reports whether a write of many rows requires --yes without a terminal to prompt
// on: the stock is real, or the profile confirms every write.
func (a *App) Guarded() bool {
	c, err := a.Config()
	return err == nil && c.Confirm() || a.Live()
}

// Consent asks for confirmation of a write if the profile requires it (`profile set NAME
// --confirm`). The title is the beginning of the question, such as "Adjust KET-RED@HRB by
// -3". Without a terminal to prompt on, --yes is required.
func (a *App) Consent(ctx context.Context, title string) error {
	c, err := a.Config()
	if err != nil || !c.Confirm() {
		return err
	}
	yes, asked, err := a.Confirm(ctx, title+a.Written()+"?")
	switch {
	case err != nil:
		return err
	case !asked:
		return failure.Usagef("profile %s requires confirmation for every write, and there is no terminal to prompt on", c.Profile()).
			Hint("add --yes; `stockctl profile set %s --confirm=false` turns this off", failure.Arg(c.Profile()))
	case !yes:
		return failure.New(failure.Interrupted, "cancelled: nothing was sent")
	}
	return nil
}

// ConfirmMany asks before many rows are written, and reports whether to write them.
// Without a terminal to prompt on, a live key, or a profile that confirms every write,
// requires --yes. what begins the message, such as "this import writes", and cure is its
// hint, such as "add --yes".
func (a *App) ConfirmMany(ctx context.Context, title, what, cure string) (yes bool, err error) {
	yes, asked, err := a.Confirm(ctx, title)
	if err == nil && !asked && a.Guarded() {
		err = failure.Usagef("%s to %s, and there is no terminal to prompt on", what, a.Target()).Hint("%s", cure)
	}
	return yes || !asked, err
}

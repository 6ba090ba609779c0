package app

// Target is the profile that is written to and, for a real API, the world its
// stock is in: "shop (LIVE)".
func (a *App) Target() string {
	c, err := a.Config()
	switch {
	case err != nil:
		return ""
	case c.IsSandbox():
		return c.Profile()
	case a.Live():
		return c.Profile() + " (LIVE)"
	}
	return c.Profile() + " (test)"
}

// Written is how a message about a write ends: the profile, and LIVE where the
// stock is real.
func (a *App) Written() string {
	c, err := a.Config()
	switch {
	case err != nil:
		return ""
	case a.Live():
		return " in profile " + c.Profile() + " (LIVE)"
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

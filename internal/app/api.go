package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/api/way"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/pace"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/settle"
)

// sandboxURL represents the embedded API in messages; nothing listens there.
const sandboxURL = "https://sandbox.localhost"

// service is the API client of this run and what is built on it.
type service struct {
	client  *api.Client
	names   *lookup.Names
	options api.Options // of the client
}

// API returns the client of the profile's API. It does not read secrets or open
// connections before the first call.
func (a *App) API(ctx context.Context) (*api.Client, error) {
	s, err := a.open(ctx)
	if err != nil {
		return nil, err
	}
	return s.client, nil
}

// Names returns the resolver for warehouse names, SKU codes and addresses.
func (a *App) Names(ctx context.Context) (*lookup.Names, error) {
	s, err := a.open(ctx)
	if err != nil {
		return nil, err
	}
	return s.names, nil
}

// Writer returns another client of the same API for callers that pace their writes
// themselves. It has the given number of connections and never waits for a busy
// API.
func (a *App) Writer(ctx context.Context, connections int) (*api.Client, error) {
	s, err := a.open(ctx)
	if err != nil {
		return nil, err
	}
	o := s.options
	o.Connections, o.MaxWait, o.Learner = connections, -1, nil
	return api.New(o)
}

// Account returns a text that is the same for all runs with the same merchant API key. It
// does not reveal the key. It is "" for the sandbox and without a key.
func (a *App) Account(ctx context.Context) string {
	s, err := a.open(ctx)
	if err != nil {
		return ""
	}
	c, is := s.options.Auth.(*credentials)
	if !is {
		return ""
	}
	key, err := c.MerchantKey(ctx)
	if err != nil { // the first request says why
		return ""
	}
	sum := sha256.Sum256([]byte("merchant API key: " + key))
	return hex.EncodeToString(sum[:])
}

// Token returns the bearer token that the requests of this run carry.
func (a *App) Token(ctx context.Context) (string, error) {
	s, err := a.open(ctx)
	if err != nil {
		return "", err
	}
	return s.options.Auth.Token(ctx)
}

// Settler returns the sender for writes with outcomes that must be determined.
func (a *App) Settler(ctx context.Context) (*settle.Settler, error) {
	s, err := a.open(ctx)
	if err != nil {
		return nil, err
	}
	return settle.New(s.client), nil
}

func (a *App) open(ctx context.Context) (*service, error) {
	if a.service != nil {
		return a.service, nil
	}
	c, err := a.Config()
	if err != nil {
		return nil, err
	}
	if err := c.RequireProfile(); err != nil {
		return nil, err
	}
	if err := a.CheckBaseURL(); err != nil {
		return nil, err
	}
	o, err := a.connect(ctx, c)
	if err != nil {
		return nil, err
	}
	names, err := a.Copy()
	if err != nil {
		return nil, err
	}
	o.Learner = names
	client, err := api.New(o)
	if err != nil {
		return nil, err
	}
	a.service = &service{client: client, options: o, names: lookup.Open(lookup.Options{
		Client: client, Copy: names, Barcodes: a.barcodes(c), Now: a.Now, Note: a.Note, People: a.IO.OutTTY,
	})}
	return a.service, nil
}

// CheckBaseURL returns an error of the kind Config if the base URL is unusable. The
// error says where the URL came from.
func (a *App) CheckBaseURL() error {
	c, err := a.Config()
	if err != nil || c.IsSandbox() {
		return err
	}
	return c.BaseURL().Blame(way.CheckBaseURL(c.BaseURL().Value, c.AllowHTTP()))
}

// clientOptions returns the options for a client without credentials.
func (a *App) clientOptions(c *config.Config) api.Options {
	o := api.Options{
		BaseURL:   c.BaseURL().Value,
		Timeout:   c.Timeout(),
		UserAgent: "stockctl/" + cmp.Or(a.Build.Version, "dev"),
		AllowHTTP: c.AllowHTTP(),
		Now:       a.Now,
	}
	if wait, set := c.MaxWait(); set {
		o.MaxWait = wait
	}
	if c.Debug() {
		o.Debug = a.IO.Err
	}
	return o
}

// connect returns the options for the client of the profile or the sandbox.
func (a *App) connect(ctx context.Context, c *config.Config) (api.Options, error) {
	o := a.clientOptions(c)
	o.Pace, o.Sent = pace.NewGate(), a.sent
	if !c.IsSandbox() {
		o.Auth = &credentials{secrets: c.Secrets(), expires: c.TokenExpires, now: a.Now, login: a.login, profile: c.Profile()}
		return o, nil
	}
	shop, err := a.Sandbox(ctx)
	if err != nil {
		return o, err
	}
	o.BaseURL, o.Transport, o.Auth = sandboxURL, shop.Transport(), sandboxAccount{shop}
	return o, nil
}

// Anonymous returns a client of the profile's API without credentials, for signing
// in.
func (a *App) Anonymous() (*api.Client, error) {
	c, err := a.Config()
	if err != nil {
		return nil, err
	}
	if err := a.CheckBaseURL(); err != nil {
		return nil, err
	}
	return api.New(a.clientOptions(c))
}

// As returns a client of the profile's API that uses the given secrets.
func (a *App) As(key, token string) (*api.Client, error) {
	c, err := a.Config()
	if err != nil {
		return nil, err
	}
	o := a.clientOptions(c)
	o.Auth = given{key, token}
	return api.New(o)
}

// Sandbox opens the embedded API on its database in the state folder.
func (a *App) Sandbox(ctx context.Context) (*sandbox.Server, error) {
	c, err := a.Config()
	if err != nil {
		return nil, err
	}
	dir, err := c.StateDir()
	if err != nil {
		return nil, err
	}
	shop, err := sandbox.Open(ctx, sandbox.Options{Path: filepath.Join(dir, "sandbox.db"), Now: a.Now})
	if err != nil {
		return nil, err
	}
	a.closers = append(a.closers, shop)
	return shop, nil
}

func (a *App) login(ctx context.Context, email, password string) (api.Session, error) {
	client, err := a.Anonymous()
	if err != nil {
		return api.Session{}, err
	}
	return client.Login(ctx, email, password)
}

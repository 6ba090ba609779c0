package auth

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
)

// statusOptions is what `auth status` knows when it starts.
type statusOptions struct{ app *app.App }

// status describes the account and where its secrets come from. It contains no secrets.
type status struct {
	Profile      string     `json:"profile"`
	BaseURL      string     `json:"baseUrl"`
	Email        string     `json:"email,omitempty"`
	Key          string     `json:"key"`                    // live, test, unknown, missing or built in
	KeySource    string     `json:"keySource,omitempty"`    // where the key comes from
	Token        string     `json:"token"`                  // usable, ended, missing, for another host, on demand or built in
	TokenSource  string     `json:"tokenSource,omitempty"`  // where the token comes from
	TokenExpires *time.Time `json:"tokenExpires,omitempty"` // absent when it is not known
	Usable       bool       `json:"usable"`
}

func newStatusCmd(a *app.App, run func(context.Context, *statusOptions) error) *cobra.Command {
	opts := &statusOptions{app: a}
	return &cobra.Command{
		Use:   "status",
		Short: "Show who is signed in, and until when",
		Long: `Show the profile, its base URL, where each secret comes from, whether the key is
a live or a test key, and when the token expires. No request is sent.` + cli.ExitCodes(
			"0  signed in",
			"4  there is no usable token or no key",
		),
		Example: "  stockctl auth status\n  stockctl auth status --profile lagos -o json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd.Context(), opts)
		},
	}
}

func runStatus(_ context.Context, opts *statusOptions) error {
	printer, err := app.PrinterFor(opts.app, statusView())
	if err != nil {
		return err
	}
	c, err := opts.app.Config()
	if err != nil {
		return err
	}
	if err := c.RequireProfile(); err != nil {
		return err
	}
	s, err := describe(c, opts.app.Now())
	if err != nil {
		return err
	}
	if err := output.One(printer, statusView(), s); err != nil {
		return err
	}
	if !s.Usable {
		return failure.New(failure.Auth, "profile %s: the key is %s, the token is %s", s.Profile, s.Key, s.Token).
			Hint("run `stockctl auth login`")
	}
	return nil
}

func describe(c *config.Config, now time.Time) (status, error) {
	if c.IsSandbox() {
		return status{Profile: c.Profile(), BaseURL: "the API inside stockctl", Key: "built in", Token: "built in", Usable: true}, nil
	}
	key, err := c.Secrets().MerchantKey()
	if err != nil && !errors.Is(err, config.ErrOtherHost) {
		return status{}, err
	}
	token, err := c.Secrets().Token()
	if err != nil && !errors.Is(err, config.ErrOtherHost) {
		return status{}, err
	}
	elsewhere := errors.Is(err, config.ErrOtherHost)
	password, err := c.Secrets().Password()
	if err != nil {
		return status{}, err
	}
	email := c.Secrets().Email()
	stored, _ := c.Find(c.Profile())
	s := status{Profile: c.Profile(), BaseURL: c.BaseURL().Value, Email: stored.Email, Key: key.KeyKind(), Token: "missing"}
	if email.Value != "" {
		s.Email = email.Value
	}
	if key.Value != "" {
		s.KeySource = string(key.Origin)
	}
	if token.Value != "" {
		s.Token, s.TokenSource = "usable", string(token.Origin)
		if end := c.TokenExpires(); !end.IsZero() {
			s.TokenExpires = &end
			if !now.Before(end) {
				s.Token = "ended"
			}
		}
	}
	if s.Token != "usable" && email.Value != "" && password.Value != "" {
		s.Token, s.TokenSource = "on demand", string(password.Origin)
	}
	if elsewhere && s.Token == "missing" {
		s.Token = "for another host"
	}
	s.Usable = key.Value != "" && (s.Token == "usable" || s.Token == "on demand")
	return s, nil
}

func statusView() output.View[status] {
	type column = output.Column[status]
	return output.View[status]{Columns: []column{
		{Name: "profile", Title: "PROFILE", Value: func(s status) any { return s.Profile }},
		{Name: "baseUrl", Title: "BASE URL", Value: func(s status) any { return s.BaseURL }},
		{Name: "email", Title: "EMAIL", Value: func(s status) any { return s.Email }},
		{Name: "key", Title: "KEY", Value: func(s status) any { return s.Key }},
		{Name: "keySource", Title: "KEY FROM", Value: func(s status) any { return s.KeySource }},
		{Name: "token", Title: "TOKEN", Mark: tokenMark, Value: func(s status) any { return s.Token }},
		{Name: "tokenSource", Title: "TOKEN FROM", Value: func(s status) any { return s.TokenSource }},
		{Name: "tokenExpires", Title: "TOKEN ENDS", Value: func(s status) any {
			if s.TokenExpires == nil {
				return nil
			}
			return *s.TokenExpires
		}},
		{Name: "usable", Title: "SIGNED IN", Value: func(s status) any { return s.Usable }},
	}}
}

func tokenMark(s status) output.Mark {
	if !s.Usable {
		return output.MarkLow
	}
	return output.MarkNone
}

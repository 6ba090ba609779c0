package auth

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/noun"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/prompt"
)

// maxSecret bounds what is read from standard input as a secret.
const maxSecret = 64 << 10

// loginOptions is what `auth login` knows when it starts.
type loginOptions struct {
	app           *app.App
	email         string
	passwordStdin bool
	withToken     bool
}

func newLoginCmd(a *app.App, run func(context.Context, *loginOptions) error) *cobra.Command {
	opts := &loginOptions{app: a}
	cmd := &cobra.Command{
		Use:   "login",
		Short: "Sign in and keep the token",
		Long: `Sign in with email and password and keep the token and the merchant API key in
the profile. What is missing is asked for on a terminal, the secrets unseen.
The key comes from STOCKCTL_MERCHANT_API_KEY where it is set. Nothing is kept
unless the API accepts it. A profile that does not exist yet is made.` + noun.ExitCodes(
			"0  signed in",
			"2  something needed is missing and there is no terminal to ask on",
			"4  wrong email, password, token or key",
		),
		Example: `  stockctl auth login
  stockctl auth login --profile lagos --email ada@example.com
  pass show stock | stockctl auth login --email ada@example.com --password-stdin
  stockctl auth login --with-token < token.txt`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, other := range []string{"password-stdin", "email"} {
				if err := noun.Exclusive(cmd, "with-token", other); err != nil {
					return err
				}
			}
			return run(cmd.Context(), opts)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.email, "email", "", "the account's `email` (STOCKCTL_EMAIL)")
	flags.BoolVar(&opts.passwordStdin, "password-stdin", false, "read the password from standard input")
	flags.BoolVar(&opts.withToken, "with-token", false, "read a token from standard input instead of signing in")
	return cmd
}

// secrets are what a sign-in ends with.
type secrets struct {
	key     string
	token   string
	expires time.Time
	email   string
}

func runLogin(ctx context.Context, opts *loginOptions) error {
	c, err := opts.app.Config()
	if err != nil {
		return err
	}
	if err := refuseSandbox(c); err != nil {
		return err
	}
	if err := api.CheckBaseURL(c.BaseURL().Value, c.AllowHTTP()); err != nil {
		return err
	}
	s, err := opts.gather(ctx, c)
	if err != nil {
		return err
	}
	who, err := opts.verify(ctx, s)
	if err != nil {
		return err
	}
	if s.email == "" {
		s.email = who.Email
	}
	if err := c.Edit(keep(c, s)); err != nil {
		return err
	}
	until := ""
	if !s.expires.IsZero() {
		until = ", until " + s.expires.Local().Format("2006-01-02 15:04")
	}
	opts.app.Note("signed in to profile %s as %s%s; kept in %s", c.Profile(), s.email, until, c.Path())
	return nil
}

// gather gets the key and a token, from the environment, standard input or the
// person.
func (o *loginOptions) gather(ctx context.Context, c *config.Config) (secrets, error) {
	var s secrets
	var err error
	if s.key, err = o.key(ctx, c); err != nil {
		return s, err
	}
	if o.withToken {
		if s.token, err = readSecret(o.app.IO.In, "token"); err != nil {
			return s, err
		}
		s.expires, _ = config.JWTExpiry(s.token)
		if !s.expires.IsZero() && s.expires.Before(o.app.Now()) {
			return s, failure.New(failure.Auth, "the token ended at %s", s.expires.Format(time.RFC3339))
		}
		return s, nil
	}
	if s.email, err = o.emailOf(ctx, c); err != nil {
		return s, err
	}
	password, err := o.password(ctx, c)
	if err != nil {
		return s, err
	}
	client, err := o.app.Anonymous()
	if err != nil {
		return s, err
	}
	session, err := client.Login(ctx, s.email, password)
	if err != nil {
		return s, failure.WithHint(err, "check the email and the password")
	}
	s.token, s.expires = session.Token, session.Expires
	return s, nil
}

// verify asks the API who the secrets belong to: a wrong key shows here, not
// at the first stock write.
func (o *loginOptions) verify(ctx context.Context, s secrets) (api.Profile, error) {
	client, err := o.app.As(s.key, s.token)
	if err != nil {
		return api.Profile{}, err
	}
	who, err := client.Profile(ctx)
	if failure.KindOf(err) == failure.Auth {
		err = failure.WithHint(err, "check the merchant API key and the token: nothing was kept")
	}
	return who, err
}

// keep writes the secrets into the profile, and the base URL with them when it
// was named for this call: secrets and the place they are for stay together.
func keep(c *config.Config, s secrets) func(*config.File) error {
	return func(f *config.File) error {
		p := f.Profile(c.Profile())
		if url := c.BaseURL(); url.Origin.Explicit() {
			p.BaseURL = url.Value
		}
		p.MerchantAPIKey, p.Token, p.TokenExpires, p.Email = s.key, s.token, s.expires, s.email
		if f.Current == "" {
			f.Current = c.Profile()
		}
		return nil
	}
}

// key takes the environment's key, else asks; a blank answer keeps the one
// that is stored.
func (o *loginOptions) key(ctx context.Context, c *config.Config) (string, error) {
	known, err := c.Secrets().MerchantKey()
	if err != nil && !errors.Is(err, config.ErrOtherHost) {
		return "", err
	}
	if known.Value != "" && known.Origin.Explicit() {
		return known.Value, nil
	}
	ask, err := o.app.CanAsk()
	switch {
	case err != nil:
		return "", err
	case !ask && known.Value != "":
		return known.Value, nil
	case !ask:
		return "", failure.Usagef("the merchant API key is missing").
			Hint("set STOCKCTL_MERCHANT_API_KEY or STOCKCTL_MERCHANT_API_KEY_FILE")
	}
	q := prompt.Question{Title: "Merchant API key", Help: "pk_live_… or pk_test_…", Validate: required("the key")}
	if known.Value != "" {
		q.Help, q.Validate = "leave it blank to keep the one that is stored", nil
	}
	answer, err := o.secret(ctx, q)
	if answer == "" && err == nil {
		return known.Value, nil
	}
	return answer, err
}

func (o *loginOptions) emailOf(ctx context.Context, c *config.Config) (string, error) {
	if o.email != "" {
		return o.email, nil
	}
	if email := c.Secrets().Email(); email.Value != "" {
		return email.Value, nil
	}
	ask, err := o.app.CanAsk()
	if err != nil {
		return "", err
	}
	if !ask {
		return "", failure.Usagef("missing --email").Hint("give the flag, or set STOCKCTL_EMAIL")
	}
	p, err := o.app.Prompt()
	if err != nil {
		return "", err
	}
	stored, _ := c.Find(c.Profile())
	return p.Input(ctx, prompt.Question{Title: "Email", Default: stored.Email, Validate: required("the email")})
}

func (o *loginOptions) password(ctx context.Context, c *config.Config) (string, error) {
	if o.passwordStdin {
		return readSecret(o.app.IO.In, "password")
	}
	known, err := c.Secrets().Password()
	if err != nil || known.Value != "" {
		return known.Value, err
	}
	ask, err := o.app.CanAsk()
	if err != nil {
		return "", err
	}
	if !ask {
		return "", failure.Usagef("the password is missing").
			Hint("give it with --password-stdin, or set STOCKCTL_PASSWORD or STOCKCTL_PASSWORD_FILE")
	}
	return o.secret(ctx, prompt.Question{Title: "Password", Validate: required("the password")})
}

func (o *loginOptions) secret(ctx context.Context, q prompt.Question) (string, error) {
	p, err := o.app.Prompt()
	if err != nil {
		return "", err
	}
	answer, err := p.Secret(ctx, q)
	return strings.TrimSpace(answer), err
}

func required(what string) func(string) error {
	return func(s string) error {
		if strings.TrimSpace(s) == "" {
			return failure.Usagef("%s is required", what)
		}
		return nil
	}
}

// readSecret reads a secret from standard input, without the line's end.
func readSecret(in io.Reader, what string) (string, error) {
	b, err := io.ReadAll(io.LimitReader(in, maxSecret+1))
	if err != nil {
		return "", failure.Usagef("reading the %s from standard input: %w", what, err)
	}
	text := strings.TrimRight(string(b), "\r\n")
	switch {
	case text == "":
		return "", failure.Usagef("standard input holds no %s", what)
	case len(b) > maxSecret, strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "", failure.Usagef("what standard input holds is not a %s: it must be one line", what)
	}
	return text, nil
}

package auth

import (
	"cmp"
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
	store         string // keyring, file, or blank: the keyring where there is one
}

func newLoginCmd(a *app.App, run func(context.Context, *loginOptions) error) *cobra.Command {
	opts := &loginOptions{app: a}
	cmd := &cobra.Command{
		Use:   "login",
		Short: "Sign in and keep the token",
		Long: `Sign in with email and password and keep the token and the merchant API key in
the profile. What is missing is asked for on a terminal, the secrets unseen.
The key comes from STOCKCTL_MERCHANT_API_KEY where it is set. Nothing is kept
unless the API accepts it. A profile that does not exist yet is made.

Key and token are kept in the keyring of the operating system or, where there is
none, in the configuration file with mode 0600; --store says which.` + noun.ExitCodes(
			"0  signed in",
			"2  something needed is missing and there is no terminal to prompt on",
			"4  wrong email, password, token or key",
		),
		Example: `  stockctl auth login
  stockctl auth login --profile lagos --email ada@example.com
  pass show stock | stockctl auth login --email ada@example.com --password-stdin
  stockctl auth login --with-token < token.txt
  stockctl auth login --store file`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, other := range []string{"password-stdin", "email"} {
				if err := noun.Exclusive(cmd, "with-token", other); err != nil {
					return err
				}
			}
			if opts.store == "" {
				opts.store, _ = a.LookupEnv("STOCKCTL_STORE")
			}
			if s := opts.store; s != "" && s != config.StoreKeyring && s != config.StoreFile {
				return failure.Usagef("--store must be keyring or file, not %q", s)
			}
			return run(cmd.Context(), opts)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.email, "email", "", "the account's `email` (STOCKCTL_EMAIL)")
	flags.BoolVar(&opts.passwordStdin, "password-stdin", false, "read the password from standard input")
	flags.StringVar(&opts.store, "store", "", "keep the secrets in the `place`: keyring or file; the keyring where there is one (STOCKCTL_STORE)")
	noun.CompleteValues(cmd, "store", []string{config.StoreKeyring, config.StoreFile})
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
	if err := opts.app.CheckBaseURL(); err != nil {
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
	place, err := opts.keep(c, s)
	if err != nil {
		return err
	}
	until := ""
	if !s.expires.IsZero() {
		until = ", until " + s.expires.Local().Format("2006-01-02 15:04")
	}
	opts.app.Note("signed in to profile %s as %s%s; kept in %s", c.Profile(), s.email, until, place)
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
		if s.token, err = readSecret(ctx, o.app, "token"); err != nil {
			return s, err
		}
		if wrong := config.WrongWithSecret(s.token); wrong != "" {
			return s, failure.Usagef("the token on standard input %s", wrong)
		}
		s.expires, _ = config.JWTExpiry(s.token)
		if !s.expires.IsZero() && s.expires.Before(o.app.Now()) {
			return s, failure.New(failure.Auth, "the token ended at %s", s.expires.Format(time.RFC3339))
		}
		return s, nil
	}
	return s, o.signIn(ctx, c, &s)
}

// signIn gets a token for an email and a password. A person who mistyped one of them
// is asked for both again, and for nothing else.
func (o *loginOptions) signIn(ctx context.Context, c *config.Config, s *secrets) error {
	client, err := o.app.Anonymous()
	if err != nil {
		return err
	}
	for {
		if s.email, err = o.emailOf(ctx, c, s.email); err != nil {
			return err
		}
		password, typed, err := o.password(ctx, c)
		if err != nil {
			return err
		}
		session, err := client.Login(ctx, s.email, password)
		switch {
		case err == nil:
			s.token, s.expires = session.Token, session.Expires
			return nil
		case !typed || failure.KindOf(err) != failure.Auth:
			return failure.WithHint(err, "check the email and the password")
		}
		o.app.Note("%s: try again, or press Ctrl-C", err)
	}
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

// keep stores the secrets in the keyring or in the file, and returns where. Those
// of a profile that uses the keyring go to the file only on request. Old secrets
// that cannot be deleted from the keyring are reported, but are no failure.
func (o *loginOptions) keep(c *config.Config, s secrets) (place string, err error) {
	before, _ := c.Find(c.Profile())
	store := o.store
	if store != config.StoreFile {
		err := c.KeepInKeyring(c.Profile(), baseURLOf(c), config.Kept{MerchantAPIKey: s.key, Token: s.token})
		switch {
		case err == nil:
			store = config.StoreKeyring
		case store == "" && before.Store != config.StoreKeyring && !config.NoKeyring(err):
			// Never fall back to plain text in a file unasked.
			return "", failure.New(failure.Config, "keeping the secrets in the keyring: %w", err).
				Hint("unlock it and run the command again, or keep them in the file: `stockctl auth login --store file`")
		case store == config.StoreKeyring || before.Store == config.StoreKeyring:
			return "", failure.New(failure.Config, "keeping the secrets in the keyring: %w", err).
				Hint("unlock it, or keep them in the file: `stockctl auth login --store file`")
		default:
			o.app.Note("there is no keyring here (%v)", err)
			store = config.StoreFile
		}
	}
	if err := c.Edit(write(c, s, store)); err != nil {
		return "", err
	}
	place = c.Path()
	if store == config.StoreKeyring {
		place = "the keyring"
		if config.SameHost(before.BaseURL, baseURLOf(c)) {
			return place, nil // the new entry took the old one's place
		}
	}
	if err := c.ForgetInKeyring(before); err != nil {
		o.app.Note("%v; the old ones are left there", err)
	}
	return place, nil
}

// baseURLOf is the base URL that the profile has once the secrets are kept.
func baseURLOf(c *config.Config) string {
	if url := c.BaseURL(); url.Origin.Explicit() {
		return url.Value
	}
	p, _ := c.Find(c.Profile())
	return p.BaseURL
}

// write writes into the profile what the file keeps of a sign-in, and the base
// URL when it was named for this call: secrets and the place they are for stay
// together.
func write(c *config.Config, s secrets, store string) func(*config.File) error {
	return func(f *config.File) error {
		p := f.Profile(c.Profile())
		if url := c.BaseURL(); url.Origin.Explicit() {
			p.BaseURL = url.Value
		}
		p.MerchantAPIKey, p.Token, p.TokenExpires, p.Email, p.Store = s.key, s.token, s.expires, s.email, ""
		if store == config.StoreKeyring {
			p.MerchantAPIKey, p.Token, p.Store = "", "", store
		}
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
	leaving := o.store == config.StoreFile && errors.Is(err, config.ErrKeyring)
	if err != nil && !leaving && !errors.Is(err, config.ErrOtherHost) {
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
	q := prompt.Question{Title: "Merchant API key", Help: "pk_live_… or pk_test_…", Validate: aKey}
	if known.Value != "" {
		q.Help, q.Validate = "leave it blank to keep the one that is stored", blankOr(aKey)
	}
	answer, err := o.secret(ctx, q)
	if answer == "" && err == nil {
		return known.Value, nil
	}
	return answer, err
}

// emailOf takes the flag's email, the environment's, or asks; tried is the one that a
// person has just typed.
func (o *loginOptions) emailOf(ctx context.Context, c *config.Config, tried string) (string, error) {
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
	return p.Input(ctx, prompt.Question{Title: "Email", Default: cmp.Or(tried, stored.Email), Validate: anEmail})
}

// password takes standard input's password, the environment's, or asks; typed tells
// that a person answered.
func (o *loginOptions) password(ctx context.Context, c *config.Config) (password string, typed bool, err error) {
	if o.passwordStdin {
		password, err = readSecret(ctx, o.app, "password")
		return password, false, err
	}
	known, err := c.Secrets().Password()
	if err != nil || known.Value != "" {
		return known.Value, false, err
	}
	ask, err := o.app.CanAsk()
	if err != nil {
		return "", false, err
	}
	if !ask {
		return "", false, failure.Usagef("the password is missing").
			Hint("give it with --password-stdin, or set STOCKCTL_PASSWORD or STOCKCTL_PASSWORD_FILE")
	}
	password, err = o.secret(ctx, prompt.Question{Title: "Password", Validate: required("the password")})
	return password, true, err
}

func (o *loginOptions) secret(ctx context.Context, q prompt.Question) (string, error) {
	p, err := o.app.Prompt()
	if err != nil {
		return "", err
	}
	answer, err := p.Secret(ctx, q)
	return strings.TrimSpace(answer), err
}

// anEmail refuses what belongs to another question.
func anEmail(text string) error {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return failure.Usagef("the email is required")
	case strings.HasPrefix(text, "pk_"):
		return failure.Usagef("this is a merchant API key, not an email")
	case !strings.Contains(text, "@"):
		return failure.Usagef("an email has an @")
	}
	return nil
}

func required(what string) func(string) error {
	return func(s string) error {
		if strings.TrimSpace(s) == "" {
			return failure.Usagef("%s is required", what)
		}
		return nil
	}
}

// aKey refuses what is pasted with a key and does not belong to it.
func aKey(text string) error {
	text = strings.TrimSpace(text)
	if text == "" {
		return failure.Usagef("the key is required")
	}
	if wrong := config.WrongWithSecret(text); wrong != "" {
		return failure.Usagef("the key %s", wrong)
	}
	return nil
}

func blankOr(valid func(string) error) func(string) error {
	return func(text string) error {
		if strings.TrimSpace(text) == "" {
			return nil
		}
		return valid(text)
	}
}

// readSecret reads a secret from standard input, without the line's end.
func readSecret(ctx context.Context, a *app.App, what string) (string, error) {
	b, err := io.ReadAll(io.LimitReader(a.Stdin(ctx), maxSecret+1))
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	if err != nil {
		return "", failure.Usagef("reading the %s from standard input: %w", what, err)
	}
	text := strings.TrimRight(string(b), "\r\n")
	switch {
	case text == "":
		return "", failure.Usagef("standard input holds no %s", what)
	case strings.HasPrefix(text, "\ufeff"):
		return "", failure.Usagef("the %s on standard input begins with a byte order mark: save it as plain UTF-8 text without one", what)
	case len(b) > maxSecret, strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "", failure.Usagef("what standard input holds is not a %s: it must be one line", what)
	}
	return text, nil
}

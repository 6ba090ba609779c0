package auth

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
)

// maxSecret is the maximum size of a secret on standard input, in bytes.
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
		Short: "Sign in and store the token",
		Long: `Sign in with email and password, and store the token and the merchant API key in
the profile. On a terminal you are prompted for what is missing; secrets are not
shown. The key comes from STOCKCTL_MERCHANT_API_KEY, if set. Nothing is stored
unless the API accepts it. If the profile does not exist, it is created.

The key and the token go into your system's keyring or, if there is none, into the
configuration file with mode 0600. Use --store to choose.` + cli.ExitCodes(
			"0  signed in",
			"2  something is missing and there is no terminal to prompt on",
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
				if err := cli.Exclusive(cmd, "with-token", other); err != nil {
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
	flags.StringVar(&opts.store, "store", "", "the `place` to store secrets in: keyring or file (default: the keyring, if there is one) (STOCKCTL_STORE)")
	cli.CompleteValues(cmd, "store", []string{config.StoreKeyring, config.StoreFile})
	flags.BoolVar(&opts.withToken, "with-token", false, "read a token from standard input instead of signing in")
	return cmd
}

// secrets are the result of signing in.
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
	s, who, err := opts.gather(ctx, c)
	if err != nil {
		return err
	}
	if s.email == "" {
		s.email = who.Email
	}
	before, _ := c.Find(c.Profile())
	place, err := opts.keep(c, s)
	if err != nil {
		return err
	}
	if now := baseURLOf(c); before.BaseURL != "" && now != before.BaseURL {
		opts.app.Note("profile %s is for %s now; it was for %s", c.Profile(), now, before.BaseURL)
	}
	until := ""
	if !s.expires.IsZero() {
		until = ", until " + s.expires.Local().Format("2006-01-02 15:04")
	}
	opts.app.Note("signed in to profile %s as %s%s; stored in %s", c.Profile(), s.email, until, place)
	return nil
}

// verify asks the API whose secrets these are, so that a wrong key fails here and not at
// the first write.
func (o *loginOptions) verify(ctx context.Context, s secrets) (api.Profile, error) {
	client, err := o.app.As(s.key, s.token)
	if err != nil {
		return api.Profile{}, err
	}
	who, err := client.Profile(ctx)
	if failure.KindOf(err) == failure.Auth {
		err = failure.WithHint(err, "check the merchant API key and the token: nothing was stored")
	}
	return who, err
}

// keep stores the secrets in the keyring or in the file, and returns where. If the profile
// uses the keyring, it stores them in the file only on request. It reports old secrets
// that cannot be deleted from the keyring, but does not fail.
func (o *loginOptions) keep(c *config.Config, s secrets) (place string, err error) {
	before, _ := c.Find(c.Profile())
	store := o.store
	if store != config.StoreFile {
		err := c.KeepInKeyring(c.Profile(), baseURLOf(c), config.KeyringSecrets{MerchantAPIKey: s.key, Token: s.token})
		switch {
		case err == nil:
			store = config.StoreKeyring
		case store == "" && before.Store != config.StoreKeyring && !config.NoKeyring(err):
			// Never store plain text in a file unless the user asked for it.
			return "", failure.New(failure.Config, "storing the secrets in the keyring: %w", err).
				Hint("unlock it and run the command again, or store them in the file: `stockctl auth login --store file`")
		case store == config.StoreKeyring || before.Store == config.StoreKeyring:
			return "", failure.New(failure.Config, "storing the secrets in the keyring: %w", err).
				Hint("unlock it, or store them in the file: `stockctl auth login --store file`")
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

// baseURLOf returns the base URL of the profile after the secrets are stored.
func baseURLOf(c *config.Config) string {
	if url := c.BaseURL(); url.Origin.Explicit() {
		return url.Value
	}
	p, _ := c.Find(c.Profile())
	return p.BaseURL
}

// write updates the profile in the file after signing in. If this call named a base URL,
// it stores the URL, too, so that secrets stay with the server they are for.
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

package auth

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/prompt"
)

// signIn is the state of signing in. Its values come from the environment, standard input
// or the prompts.
type signIn struct {
	*loginOptions
	config               *config.Config
	walk                 *prompt.Walk
	found                secrets
	keyTyped, emailTyped bool
	who                  api.Profile
}

// The titles of the questions, which identify a question to ask again.
const (
	askKey   = "Merchant API key"
	askEmail = "Email"
)

// gather obtains the key, a token, and their account. After a mistake on a terminal, it
// asks only the affected question again.
func (o *loginOptions) gather(ctx context.Context, c *config.Config) (secrets, api.Profile, error) {
	s := &signIn{loginOptions: o, config: c}
	session := []prompt.Step{{Title: askEmail, Ask: s.askEmail}, {Title: "Password", Ask: s.askPassword}}
	if o.withToken {
		session = []prompt.Step{{Title: "Token", Ask: s.readToken}}
	}
	s.walk = &prompt.Walk{Steps: slices.Concat([]prompt.Step{{Title: askKey, Ask: s.askKey}}, session, []prompt.Step{{Title: "check", Ask: s.check}})}
	err := s.walk.Run(ctx)
	return s.found, s.who, err
}

func (s *signIn) askKey(ctx context.Context) error {
	key, typed, err := s.keyOf(ctx, s.config, s.found.key)
	if err != nil {
		return err
	}
	s.found.key, s.keyTyped = key, typed
	return skip(typed)
}

func (s *signIn) askEmail(ctx context.Context) error {
	email, typed, err := s.emailOf(ctx, s.config, s.found.email)
	if err != nil {
		return err
	}
	s.found.email, s.emailTyped = email, typed
	return skip(typed)
}

// askPassword obtains the password and exchanges it for a token.
func (s *signIn) askPassword(ctx context.Context) error {
	client, err := s.app.Anonymous()
	if err != nil {
		return err
	}
	password, typed, err := s.passwordOf(ctx, s.config)
	if err != nil {
		return err
	}
	session, err := client.Login(ctx, s.found.email, password)
	switch {
	case err == nil:
		s.found.token, s.found.expires = session.Token, session.Expires
		return skip(typed)
	case !typed || failure.KindOf(err) != failure.Auth:
		return failure.WithHint(err, "check the email and the password")
	}
	s.app.Note("%s: try again, or press Ctrl-C", err)
	if s.emailTyped {
		s.walk.Reopen(askEmail)
	}
	return prompt.ErrAgain
}

func (s *signIn) readToken(ctx context.Context) (err error) {
	if s.found.token, err = readSecret(ctx, s.app, "token"); err != nil {
		return err
	}
	if wrong := config.WrongWithSecret(s.found.token); wrong != "" {
		return failure.Usagef("the token on standard input %s", wrong)
	}
	s.found.expires, _ = config.JWTExpiry(s.found.token)
	if !s.found.expires.IsZero() && s.found.expires.Before(s.app.Now()) {
		return failure.New(failure.Auth, "the token expired at %s", s.found.expires.Format(time.RFC3339))
	}
	return prompt.ErrSkip
}

// check asks the API whose secrets these are. If only a typed key is wrong, it asks for
// the key again, because the password was right.
func (s *signIn) check(ctx context.Context) (err error) {
	s.who, err = s.verify(ctx, s.found)
	if !s.keyTyped || failure.KindOf(err) != failure.Auth {
		return err
	}
	s.app.Note("%s: try again, or press Ctrl-C", err)
	s.found.key = ""
	s.walk.Reopen(askKey)
	return prompt.ErrAgain
}

// skip ends a step that needs no question.
func skip(typed bool) error {
	if typed {
		return nil
	}
	return prompt.ErrSkip
}

// keyOf returns the key from the environment or prompts for it. A blank answer keeps the
// key that was typed before or is stored. typed reports whether the user typed it.
func (o *loginOptions) keyOf(ctx context.Context, c *config.Config, before string) (key string, typed bool, err error) {
	known, err := c.Secrets().MerchantKey()
	leaving := o.store == config.StoreFile && errors.Is(err, config.ErrKeyring)
	if err != nil && !leaving && !errors.Is(err, config.ErrOtherHost) {
		return "", false, err
	}
	if known.Value != "" && known.Origin.Explicit() {
		return known.Value, false, nil
	}
	ask, err := o.app.CanAsk()
	switch {
	case err != nil:
		return "", false, err
	case !ask && known.Value != "":
		return known.Value, false, nil
	case !ask:
		return "", false, failure.Usagef("the merchant API key is missing").
			Hint("set STOCKCTL_MERCHANT_API_KEY or STOCKCTL_MERCHANT_API_KEY_FILE")
	}
	q := prompt.Question{Title: askKey, Help: "pk_live_… or pk_test_…", Validate: aKey}
	kept := cmp.Or(before, known.Value)
	switch {
	case before != "":
		q.Help, q.Validate = "leave it blank to keep the one you typed", blankOr(aKey)
	case kept != "":
		q.Help, q.Validate = "leave it blank to keep the one that is stored", blankOr(aKey)
	}
	answer, err := o.secret(ctx, q)
	return cmp.Or(answer, kept), true, err
}

// emailOf returns the email from the flag or the environment, or prompts for it. tried is
// the one that the user has just typed.
func (o *loginOptions) emailOf(ctx context.Context, c *config.Config, tried string) (email string, typed bool, err error) {
	if o.email != "" {
		return o.email, false, nil
	}
	if email := c.Secrets().Email(); email.Value != "" {
		return email.Value, false, nil
	}
	ask, err := o.app.CanAsk()
	if err != nil {
		return "", false, err
	}
	if !ask {
		return "", false, failure.Usagef("missing --email").Hint("give the flag, or set STOCKCTL_EMAIL")
	}
	p, err := o.app.Prompt()
	if err != nil {
		return "", false, err
	}
	stored, _ := c.Find(c.Profile())
	email, err = p.Input(ctx, prompt.Question{Title: askEmail, Default: cmp.Or(tried, stored.Email), Validate: anEmail})
	return strings.TrimSpace(email), true, err
}

// passwordOf returns the password from standard input or the environment, or prompts for
// it. typed reports whether the user typed it.
func (o *loginOptions) passwordOf(ctx context.Context, c *config.Config) (password string, typed bool, err error) {
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

// anEmail rejects answers that belong to another question.
func anEmail(text string) error {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return failure.Usagef("the email is required")
	case strings.HasPrefix(text, "pk_"):
		return failure.Usagef("this is a merchant API key, not an email")
	case !strings.Contains(text, "@"):
		return failure.Usagef("an email address must contain an @")
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

// aKey rejects a key that was pasted with additional text.
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

// readSecret reads a secret from standard input, without the line ending.
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
		return "", failure.Usagef("standard input contains no %s", what)
	case strings.HasPrefix(text, "\ufeff"):
		return "", failure.Usagef("the %s on standard input begins with a byte order mark: save it as plain UTF-8 text without one", what)
	case len(b) > maxSecret, strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "", failure.Usagef("the %s on standard input must be a single line", what)
	}
	return text, nil
}

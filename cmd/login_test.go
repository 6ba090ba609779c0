package cmd_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/cmd"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/iostreams"
	ask "github.com/bayworks/stockctl/internal/prompt"
	"github.com/bayworks/stockctl/internal/sandbox"
)

// respondent answers questions in order. If a question rejects an answer, it gets the next
// one, as on a terminal.
type respondent struct {
	ask.Prompter
	answers []string
	asked   []string
	refused []string
}

func (p *respondent) Input(_ context.Context, q ask.Question) (string, error) {
	p.asked = append(p.asked, q.Title)
	for {
		answer := p.answers[0]
		p.answers = p.answers[1:]
		if answer == "" {
			answer = q.Default
		}
		if q.Validate == nil {
			return answer, nil
		}
		err := q.Validate(answer)
		if err == nil {
			return answer, nil
		}
		p.refused = append(p.refused, err.Error())
	}
}

func (p *respondent) Secret(ctx context.Context, q ask.Question) (string, error) {
	return p.Input(ctx, q)
}

// After a wrong password, the key and the email are kept; after a wrong key, the email and
// the password. A key is not accepted as an email.
func TestLoginAsksAgainForAWrongPassword(t *testing.T) {
	server := newFaultServer(t, sandbox.Published)
	account, home := server.shop.Account(), t.TempDir()
	person := &respondent{answers: []string{"pk_test_of_another_shop", account.MerchantAPIKey, "ada", account.Email, "wrong", "", account.Password, account.MerchantAPIKey}}
	streams, _, _, stderr := iostreams.Test()
	streams.InTTY, streams.ErrTTY = true, true
	a := app.New(streams, app.Build{})
	a.Keyring, a.Prompter = noKeyring{}, person
	env := map[string]string{"STOCKCTL_BASE_URL": server.URL, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home, "STOCKCTL_STATE_DIR": filepath.Join(home, "state")}
	a.LookupEnv = func(name string) (string, bool) { value, set := env[name]; return value, set }
	if code := cmd.Run(t.Context(), a, []string{"auth", "login"}); code != 0 {
		t.Fatalf("exit %d, want 0\n%s", code, stderr)
	}
	if want := []string{"Merchant API key", "Email", "Password", "Email", "Password", "Merchant API key"}; !slices.Equal(person.asked, want) {
		t.Errorf("asked %q, want %q", person.asked, want)
	}
	if want := []string{"this is a merchant API key, not an email", "an email address must contain an @"}; !slices.Equal(person.refused, want) {
		t.Errorf("refused %q, want %q", person.refused, want)
	}
}

// Credentials from the environment work with their own base URL even if the profile is
// signed in to another one, and do not change the profile. A login with them moves the
// profile to that base URL, and says so.
func TestLoginWithCredentialsFromTheEnvironment(t *testing.T) {
	here, there := newFaultServer(t, sandbox.Published), newFaultServer(t, sandbox.Published)
	u := customer(t, here.URL, here.shop.Account().MerchantAPIKey, "")
	delete(u.env, "STOCKCTL_TOKEN")
	u.signsIn(here.shop.Account().Email, here.shop.Account().Password)
	u.secrets = nil // the configuration file keeps them on request
	login := func() string {
		t.Helper()
		u.stdin = u.env["STOCKCTL_PASSWORD"]
		code, _, errOut := u.run(t, t.Context(), "auth", "login", "--store", "file", "--password-stdin")
		if code != 0 {
			t.Fatalf("exit %d, want 0: %s", code, errOut)
		}
		return errOut
	}
	if errOut := login(); strings.Contains(errOut, "is for") {
		t.Errorf("the first login: %s", errOut)
	}
	config := filepath.Join(u.home, "stockctl", "config.yaml")
	before := u.read(t, config)
	u.env["STOCKCTL_BASE_URL"] = there.URL
	if code, out, errOut := u.run(t, t.Context(), "inventory", "list", "-o", "id", "--limit", "1"); code != 0 || out == "" {
		t.Errorf("exit %d, want 0: %s", code, errOut)
	}
	if after := u.read(t, config); after != before || !strings.Contains(after, here.URL) {
		t.Errorf("the configuration is now\n%s", after)
	}
	if errOut, want := login(), "profile default is for "+there.URL+" now; it was for "+here.URL; !strings.Contains(errOut, want) {
		t.Errorf("got %q, want %q", errOut, want)
	}
	if after := u.read(t, config); !strings.Contains(after, there.URL) || strings.Contains(after, here.URL) {
		t.Errorf("the configuration is now\n%s", after)
	}
}

func (u *user) read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

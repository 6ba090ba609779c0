package cmd_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"github.com/bayworks/stockctl/cmd"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/iostreams"
	ask "github.com/bayworks/stockctl/internal/prompt"
	"github.com/bayworks/stockctl/internal/sandbox"
)

// respondent answers questions one after the other. An answer that a question refuses is
// followed by the next, as on a terminal.
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

// A wrong password costs neither the key nor the email, a wrong key neither the email nor
// the password, and a key is not taken for an email.
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
		t.Fatalf("exit %d\n%s", code, stderr)
	}
	if want := []string{"Merchant API key", "Email", "Password", "Email", "Password", "Merchant API key"}; !slices.Equal(person.asked, want) {
		t.Errorf("asked %q, want %q", person.asked, want)
	}
	if want := []string{"this is a merchant API key, not an email", "an email has an @"}; !slices.Equal(person.refused, want) {
		t.Errorf("refused %q, want %q", person.refused, want)
	}
}

package doctor

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/api/way"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/iostreams"
	"github.com/bayworks/stockctl/internal/sandbox"
)

const (
	secretKey   = "pk_test_sandbox"
	secretToken = "s3cret-token"
)

// visit is one run of `doctor` with its input and its output.
type visit struct {
	env    map[string]string
	config string // the configuration file; blank: none
	mode   os.FileMode
	ahead  time.Duration // how far this machine's clock is ahead

	home  string
	lines map[string]check
	order []string
	err   error
}

// at returns a visit with a key, an email and a password for a server.
func at(url string) *visit {
	return &visit{mode: 0o600, env: map[string]string{
		"STOCKCTL_BASE_URL": url, "STOCKCTL_MERCHANT_API_KEY": secretKey, "STOCKCTL_TIMEOUT": "5s",
		"STOCKCTL_EMAIL": "merchant@example.com", "STOCKCTL_PASSWORD": "sandbox-password",
	}}
}

func (v *visit) without(names ...string) *visit {
	for _, name := range names {
		delete(v.env, name)
	}
	return v
}

func (v *visit) with(name, value string) *visit {
	v.env[name] = value
	return v
}

// run runs the checks and verifies what must be true of every run: all checks are
// there, in order, each problem has a cure, and no secret is shown.
func (v *visit) run(t *testing.T) *visit {
	t.Helper()
	v.home = t.TempDir()
	env := map[string]string{"HOME": v.home, "APPDATA": v.home, "LOCALAPPDATA": v.home, "XDG_CONFIG_HOME": v.home, "STOCKCTL_OUTPUT": "json"}
	maps.Copy(env, v.env)
	if v.config != "" {
		dir := filepath.Join(v.home, "stockctl")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "config.yaml")
		if err := os.WriteFile(path, []byte(v.config), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, v.mode); err != nil {
			t.Fatal(err)
		}
	}
	streams, _, out, errOut := iostreams.Test()
	a := app.New(streams, app.Build{})
	a.Output.JQ = "." // forces JSON even if the environment is ignored
	a.LookupEnv = func(name string) (string, bool) { v, set := env[name]; return v, set }
	a.Now = func() time.Time { return time.Now().Add(v.ahead) }
	cmd := New(a)
	cmd.SetArgs(nil)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	v.err = errors.Join(cmd.ExecuteContext(t.Context()))
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	var list []check
	if err := json.Unmarshal(out.Bytes(), &list); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	v.lines = map[string]check{}
	for _, c := range list {
		v.order = append(v.order, c.Check)
		v.lines[c.Check] = c
		if (c.Cure != "") != (c.Status == failed || c.Status == warning) || c.Message == "" {
			t.Errorf("%s is %s, says %q, and its cure is %q", c.Check, c.Status, c.Message, c.Cure)
		}
	}
	if got := strings.Join(v.order, " "); got != allChecks {
		t.Errorf("the checks are %s", got)
	}
	all := out.String() + errOut.String() + fmt.Sprint(v.err) + failure.HintOf(v.err)
	for _, secret := range []string{secretKey, secretToken, "sandbox-password"} {
		if strings.Contains(all, secret) {
			t.Errorf("%s is shown: %s", secret, all)
		}
	}
	return v
}

const allChecks = "configuration permissions state-folder base-url proxy dns connection certificate clock key token account inventory warehouses dialect"

// want compares one check.
func (v *visit) want(t *testing.T, name, status, message, cure string) {
	t.Helper()
	got := v.lines[name]
	names := []string{v.home, "HOME"}
	if url := v.env["STOCKCTL_BASE_URL"]; url != "" {
		names = append(names, url, "URL", strings.TrimPrefix(url, "http://"), "HOST")
	}
	tidy := strings.NewReplacer(names...)
	if m, c := tidy.Replace(got.Message), tidy.Replace(got.Cure); got.Status != status || m != message || c != cure {
		t.Errorf("%s\ngot  %s: %s | %s\nwant %s: %s | %s", name, got.Status, m, c, status, message, cure)
	}
}

// ends compares the error of the command.
func (v *visit) ends(t *testing.T, kind failure.Kind, message string) {
	t.Helper()
	if kind == "" {
		if v.err != nil {
			t.Errorf("it ends with %v", v.err)
		}
		return
	}
	if failure.KindOf(v.err) != kind || v.err.Error() != message || failure.HintOf(v.err) == "" {
		t.Errorf("it ends with %v (%s), want %s (%s)", v.err, failure.KindOf(v.err), message, kind)
	}
}

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	return web.URL
}

func shop(t *testing.T, o sandbox.Options) string {
	t.Helper()
	return fakeshop.Open(t, o).URL
}

func TestHealthy(t *testing.T) {
	v := at(shop(t, sandbox.Options{})).run(t)
	v.ends(t, "", "")
	v.want(t, "configuration", ok, "profile default; "+filepath.Join("HOME", "stockctl", "config.yaml")+" does not exist yet", "")
	v.want(t, "base-url", ok, "URL (environment STOCKCTL_BASE_URL)", "")
	v.want(t, "proxy", ok, "none for HOST", "")
	v.want(t, "dns", ok, "HOST is an IP address: no lookup needed", "")
	v.want(t, "connection", ok, "HOST responds (401 without credentials)", "")
	v.want(t, "certificate", skipped, "plain http has no certificate", "")
	v.want(t, "clock", ok, "in step with the server's", "")
	v.want(t, "key", ok, "test: environment STOCKCTL_MERCHANT_API_KEY", "")
	v.want(t, "token", ok, "stockctl signs in automatically with STOCKCTL_EMAIL", "")
	v.want(t, "account", ok, "merchant@example.com, role Merchant Admin", "")
	v.want(t, "inventory", ok, "readable", "")
	v.want(t, "warehouses", ok, "2 warehouses, 2 of them active", "")
	v.want(t, "dialect", ok, "lists are paginated as documented", "")
}

func TestDashboardDialect(t *testing.T) {
	v := at(shop(t, sandbox.Options{Dialect: sandbox.Dashboard})).run(t)
	v.ends(t, "", "")
	v.want(t, "dialect", ok, "lists are paginated as for the dashboard", "")
}

func TestBuiltInSandbox(t *testing.T) {
	v := at("").with("STOCKCTL_PROFILE", "sandbox").run(t)
	v.ends(t, "", "")
	v.want(t, "dns", skipped, "the sandbox runs inside stockctl, without a network", "")
	v.want(t, "certificate", skipped, "the sandbox runs inside stockctl, without a network", "")
	v.want(t, "token", ok, "built in: the sandbox needs no account", "")
	v.want(t, "inventory", ok, "readable", "")
}

// The sandbox keeps its account in the state folder.
func TestBuiltInSandboxWithoutAFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	below := filepath.Join(file, "state")
	v := at("").with("STOCKCTL_PROFILE", "sandbox").with("STOCKCTL_STATE_DIR", below).run(t)
	if got := v.lines["account"]; got.Status != failed || !strings.Contains(got.Cure, "`export STOCKCTL_STATE_DIR=FOLDER`") {
		t.Errorf("the account check is %+v", got)
	}
}

// With an unusable file, everything else is still checked, but no call goes to the
// default server: the file may name another.
func TestBrokenConfiguration(t *testing.T) {
	v := at("").without("STOCKCTL_BASE_URL")
	v.config = "profiles:\n  default:\n    tokn: " + secretToken + "\n"
	v.run(t)
	v.ends(t, failure.Config, "1 check failed: configuration")
	v.want(
		t, "configuration", failed,
		filepath.Join("HOME", "stockctl", "config.yaml")+":3:5: unknown setting: a profile can have base-url, warehouse, output, email, merchant-api-key, token, store, token-expires and confirm",
		"did you mean token?",
	)
	v.want(t, "base-url", skipped, "the server is unknown without the configuration", "")
	v.want(t, "key", skipped, "the configuration must be fixed first", "")
	v.want(t, "dialect", skipped, "the configuration must be fixed first", "")

	v = at(shop(t, sandbox.Options{}))
	v.config = "profiles: 5\n"
	v.run(t)
	v.ends(t, failure.Config, "1 check failed: configuration")
	v.want(t, "connection", ok, "HOST responds (401 without credentials)", "")
	v.want(t, "account", skipped, "the configuration must be fixed first", "")
}

func TestWrongVariable(t *testing.T) {
	v := at("http://127.0.0.1:1").with("STOCKCTL_TIMEOUT", "30").run(t)
	v.ends(t, failure.Usage, "1 check failed: configuration")
	v.want(t, "configuration", failed, "STOCKCTL_TIMEOUT needs a unit: write 30s for 30 seconds", "see `stockctl help environment` and `stockctl --help` for the settings")
	v.want(t, "connection", skipped, "the server is unknown without the configuration", "")
}

func TestUnknownProfile(t *testing.T) {
	v := at("").without("STOCKCTL_BASE_URL").with("STOCKCTL_PROFILE", "lagos").run(t)
	v.ends(t, failure.Config, "1 check failed: configuration")
	v.want(
		t, "configuration", failed,
		`no profile "lagos" in `+filepath.Join("HOME", "stockctl", "config.yaml")+" (environment STOCKCTL_PROFILE)",
		"see `stockctl profile list`; `stockctl profile set lagos` creates it",
	)
	v.want(t, "base-url", skipped, "the server is unknown without the configuration", "")
}

// With a file that others can read, everything else is still checked.
func TestOpenPermissions(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no modes on Windows")
	}
	url := shop(t, sandbox.Options{})
	v := at(url).without("STOCKCTL_BASE_URL", "STOCKCTL_MERCHANT_API_KEY")
	v.config = "profiles:\n  default:\n    base-url: " + url + "\n    merchant-api-key: " + secretKey + "\n"
	v.mode = 0o644
	v.run(t)
	v.ends(t, failure.Config, "1 check failed: permissions")
	path := filepath.Join("HOME", "stockctl", "config.yaml")
	v.want(t, "configuration", ok, "profile default in "+path, "")
	v.want(t, "permissions", failed, path+" contains secrets and can be read by others (mode 0644)", "run `chmod 600 "+path+"`; if others could read it, get a new key")
	v.want(t, "key", ok, "test: profile default", "")
	v.want(t, "inventory", ok, "readable", "")

	v.mode = 0o600
	v.order = nil
	v.run(t)
	v.ends(t, "", "")
	v.want(t, "permissions", ok, "the file has mode 0600", "")
}

func TestStateFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cure := "fix it, or use another folder: `export STOCKCTL_STATE_DIR=FOLDER`"
	v := at("http://127.0.0.1:1").with("STOCKCTL_STATE_DIR", file).run(t)
	v.want(t, "state-folder", failed, file+" is not a folder", cure)
	if failure.KindOf(v.err) != failure.Config {
		t.Errorf("the first failure decides: got %v", failure.KindOf(v.err))
	}
	below := filepath.Join(file, "state", "stockctl")
	v = at("http://127.0.0.1:1").with("STOCKCTL_STATE_DIR", below).run(t)
	if got := v.lines["state-folder"]; got.Status != failed || !strings.HasPrefix(got.Message, below) {
		t.Errorf("got %+v, want a failure that begins with %q", got, below)
	}
	dir := t.TempDir()
	v = at("http://127.0.0.1:1").with("STOCKCTL_STATE_DIR", dir).run(t)
	v.want(t, "state-folder", ok, dir+" is writable", "")
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("it left %v, %v", left, err)
	}
}

// A state folder that does not exist and cannot be created is reported here, before
// a transfer or an import fails because of it.
func TestStateFolderThatCannotBeCreated(t *testing.T) {
	home := t.TempDir()
	if err := os.Chmod(home, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(home, 0o700) })
	if trial, err := os.CreateTemp(home, ""); err == nil {
		_ = trial.Close()
		t.Skip("this user may write anywhere")
	}
	dir := filepath.Join(home, "state", "stockctl")
	v := at("http://127.0.0.1:1").with("STOCKCTL_STATE_DIR", dir).run(t)
	v.want(t, "state-folder", failed, dir+" cannot be created: "+home+" is not writable: permission denied", "fix it, or use another folder: `export STOCKCTL_STATE_DIR=FOLDER`")
}

func TestWrongBaseURL(t *testing.T) {
	v := at("http://shop.example.com").run(t)
	v.ends(t, failure.Config, "1 check failed: base-url")
	v.want(
		t, "base-url", failed,
		"environment STOCKCTL_BASE_URL: the base URL of HOST must begin with https://, because plain http would expose the keys to the network",
		"set it: `export STOCKCTL_BASE_URL=https://HOST`",
	)
	v.want(t, "key", ok, "test: environment STOCKCTL_MERCHANT_API_KEY", "")
	v.want(t, "account", skipped, "the base URL must be fixed first", "")
}

func TestUnreachable(t *testing.T) {
	v := at("http://127.0.0.1:1").run(t)
	v.ends(t, failure.Unavailable, "1 check failed: connection")
	if got := v.lines["connection"]; got.Status != failed || !strings.HasPrefix(got.Message, "127.0.0.1:1 cannot be reached: dial tcp 127.0.0.1:1: ") {
		t.Errorf("got %+v, want a failure to connect", got)
	}
	v.want(t, "clock", skipped, "an earlier step failed", "")
	v.want(t, "token", ok, "stockctl signs in automatically with STOCKCTL_EMAIL", "")
	v.want(t, "account", skipped, "the API cannot be reached", "")
}

func TestUnknownName(t *testing.T) {
	e := exam{probe: &api.Probe{Host: "api.shop.invalid:8443", Failed: way.StepResolve, Err: &api.Error{Err: errors.New("no such host")}}}
	got := e.dns(t.Context())
	if got.Status != failed || got.kind != failure.Unavailable || got.Cure != "check the base URL and the network: `stockctl profile show`, `nslookup api.shop.invalid`" {
		t.Errorf("got %+v, want a failure to look up the host", got)
	}
	if got := e.connection(t.Context()); got.Status != skipped {
		t.Errorf("got %+v, want a skipped check", got)
	}
}

// quietly serves TLS without logging handshake errors.
func quietly(t *testing.T, h http.Handler) string {
	t.Helper()
	web := httptest.NewUnstartedServer(h)
	web.Config.ErrorLog = log.New(io.Discard, "", 0)
	web.StartTLS()
	t.Cleanup(web.Close)
	return web.URL
}

func TestCertificateForAnotherName(t *testing.T) {
	url := strings.Replace(quietly(t, http.NotFoundHandler()), "127.0.0.1", "localhost", 1)
	v := at(url).run(t)
	v.ends(t, failure.Config, "1 check failed: certificate")
	got := v.lines["certificate"]
	if got.Status != failed || !strings.Contains(got.Message, "certificate") ||
		runtime.GOOS == "linux" && (!strings.Contains(got.Message, "valid for example.com") ||
			got.Cure != "use the host name that the certificate was issued for: `export STOCKCTL_BASE_URL=https://HOST`") {
		t.Errorf("got %+v, want a certificate for another host", got)
	}
	if v.lines["connection"].Status != ok || v.lines["clock"].Status != skipped {
		t.Errorf("got %+v, want the connection to be ok and the clock skipped", v.lines)
	}
}

func TestCertificateOfAnUnknownAuthority(t *testing.T) {
	v := at(quietly(t, http.NotFoundHandler())).run(t)
	v.ends(t, failure.Config, "1 check failed: certificate")
	if got := v.lines["certificate"]; runtime.GOOS == "linux" && got.Cure != "if the authority is your own, trust its certificate: `export SSL_CERT_FILE=FILE`" {
		t.Errorf("got %+v, want the hint to trust the certificate", got)
	}
}

func TestExpiredCertificate(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	a := app.New(&iostreams.Streams{}, app.Build{})
	a.Now = func() time.Time { return now }
	for left, want := range map[time.Duration]string{
		6 * 24 * time.Hour: "warning: issued for api.example.com; it expires soon, on 2026-11-29",
		8 * 24 * time.Hour: "ok: issued for api.example.com; it expires on 2026-12-01",
	} {
		e := exam{app: a, probe: &api.Probe{Certificate: &way.Certificate{Names: []string{"api.example.com"}, Until: now.Add(left)}}}
		if c := e.certificate(t.Context()); c.Status+": "+c.Message != want {
			t.Errorf("got %s: %s, want %s", c.Status, c.Message, want)
		}
	}
}

func TestClock(t *testing.T) {
	url := shop(t, sandbox.Options{})
	for ahead, way := range map[time.Duration]string{time.Hour: "ahead of", -time.Hour: "behind"} {
		v := at(url)
		v.ahead = ahead
		v.run(t)
		v.ends(t, "", "")
		got := v.lines["clock"]
		if got.Status != warning || got.Message != "this machine's clock is 1h0m0s "+way+" the server's, so expired tokens may not be noticed in time" ||
			runtime.GOOS == "linux" && got.Cure != "set it: `sudo timedatectl set-ntp true`" {
			t.Errorf("got %+v, want a warning about the clock", got)
		}
	}
}

func TestNoCredentials(t *testing.T) {
	v := at(shop(t, sandbox.Options{})).without("STOCKCTL_MERCHANT_API_KEY", "STOCKCTL_EMAIL").run(t)
	v.ends(t, failure.Auth, "2 checks failed: key, token")
	v.want(t, "key", failed, "profile default has no merchant API key", "run `stockctl auth login`, or set STOCKCTL_MERCHANT_API_KEY")
	v.want(t, "token", failed, "profile default is not signed in", "run `stockctl auth login`, or set STOCKCTL_TOKEN")
	v.want(t, "inventory", skipped, "not signed in", "")
}

// jwt makes a token that says when it ends.
func jwt(end time.Time) string {
	claims := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"exp":%d}`, end.Unix()))
	return "e30." + claims + "." + secretToken
}

func TestToken(t *testing.T) {
	url := shop(t, sandbox.Options{})
	past := time.Now().Add(-time.Hour).Truncate(time.Second)
	v := at(url).without("STOCKCTL_EMAIL").with("STOCKCTL_TOKEN", jwt(past)).run(t)
	v.ends(t, failure.Auth, "1 check failed: token")
	v.want(t, "token", failed, "the token (environment STOCKCTL_TOKEN) expired at "+past.UTC().Format(time.RFC3339), "run `stockctl auth login`")
	v.want(t, "account", skipped, "not signed in", "")

	v = at(url).with("STOCKCTL_TOKEN", jwt(past)).run(t)
	v.ends(t, "", "")
	v.want(t, "token", ok, "stockctl signs in automatically with STOCKCTL_EMAIL", "")

	near := time.Now().Add(30 * time.Minute).Truncate(time.Second)
	v = at(url).without("STOCKCTL_EMAIL").with("STOCKCTL_TOKEN", jwt(near)).run(t)
	v.want(t, "token", warning, "environment STOCKCTL_TOKEN; it expires soon, at "+near.UTC().Format(time.RFC3339), "run `stockctl auth login` before a long command such as an import")
	v.ends(t, failure.Auth, "1 check failed: account") // the server did not issue this token
	v.want(t, "inventory", skipped, "the account could not be read", "")

	v = at(url).with("STOCKCTL_PASSWORD", "wrong").run(t)
	v.ends(t, failure.Auth, "1 check failed: account")
	v.want(
		t, "account", failed, `signing in as merchant@example.com: wrong email or password: the API says "Bad credentials" (400)`,
		"correct STOCKCTL_EMAIL and STOCKCTL_PASSWORD; or unset both to use the token from `stockctl auth login`",
	)
}

func TestKeyForAnotherHost(t *testing.T) {
	v := at(shop(t, sandbox.Options{})).without("STOCKCTL_MERCHANT_API_KEY")
	v.config = "profiles:\n  default:\n    base-url: https://other.example.com\n    merchant-api-key: " + secretKey + "\n    token: " + secretToken + "\n"
	v.run(t)
	v.ends(t, failure.Config, "2 checks failed: key, token")
	v.want(t, "account", skipped, "the key and the token are for another host", "")
}

func TestPermissionMissing(t *testing.T) {
	account := sandbox.DefaultAccount()
	account.Permissions = []string{"can_update_inventory"}
	v := at(shop(t, sandbox.Options{Account: account})).run(t)
	ask := "ask an administrator of the store for the permission can_read_inventory, then run `stockctl doctor` again"
	v.ends(t, failure.Permission, "1 check failed: inventory")
	if got := v.lines["inventory"]; got.Status != failed || !strings.HasPrefix(got.Message, "no permission to read the inventory: permission denied: ") || got.Cure != ask {
		t.Errorf("got %+v, want no permission to read the inventory", got)
	}
	if got := v.lines["warehouses"]; got.Status != warning || got.Cure != "give warehouses by id, or "+ask {
		t.Errorf("got %+v, want a warning with the hint to give ids", got)
	}
	v.want(t, "dialect", skipped, "the inventory could not be read", "")
}

// Whatever a server does, every check must finish in time.
func TestStrangeServers(t *testing.T) {
	for name, server := range map[string]http.HandlerFunc{
		"a web page": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>hello\x1b[31m") },
		"nothing":    func(http.ResponseWriter, *http.Request) {},
		"null":       func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "null") },
		"data null":  func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"status":true,"data":null}`) },
		"a number":   func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "7") },
		"other types": func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"status":true,"data":{"content":7}}`)
		},
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.2:1/", http.StatusTemporaryRedirect)
		},
		"failing": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) },
		"busy": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(429)
		},
		"no date": func(w http.ResponseWriter, _ *http.Request) { w.Header()["Date"] = nil; w.WriteHeader(404) },
		"dropped": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"no route": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(404)
			fmt.Fprintf(w, `{"status":false,"message":"No static resource %s"}`, r.URL.Path)
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := at(serve(t, server)).without("STOCKCTL_EMAIL").with("STOCKCTL_TOKEN", secretToken).run(t)
			if v.err == nil {
				t.Errorf("nothing failed: %+v", v.lines)
			}
			for _, c := range v.lines {
				if strings.Contains(c.Message, "the check itself failed") || strings.ContainsRune(c.Message, '\x1b') {
					t.Errorf("got %+v, want neither a failed check nor an escape character", c)
				}
			}
		})
	}
}

// A server that never responds must not cost more than the time for one check.
func TestSilentServer(t *testing.T) {
	done := make(chan struct{})
	url := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-done:
		case <-r.Context().Done():
		}
	}))
	defer close(done)
	v := at(url).with("STOCKCTL_TIMEOUT", "100ms").run(t)
	v.ends(t, failure.Unavailable, "1 check failed: connection")
	v.want(t, "connection", failed, "HOST did not respond within 100ms", "check the base URL, the network and the firewall: `stockctl profile show`, `curl -v URL`")
}

// A check that panics or never ends must fail like any other.
func TestChecksAreBounded(t *testing.T) {
	streams, _, _, _ := iostreams.Test()
	a := app.New(streams, app.Build{})
	a.LookupEnv = func(name string) (string, bool) {
		if name == "STOCKCTL_TIMEOUT" {
			return "1ms", true
		}
		return "", false
	}
	c, err := a.Config()
	if err != nil {
		t.Fatal(err)
	}
	e := &exam{app: a, config: c}
	got := e.bounded(t.Context(), func(exam, context.Context) check { panic("odd") })
	if got.Status != failed || got.Message != "the check itself failed: odd" || got.kind != failure.Unexpected {
		t.Errorf("got %+v, want an unexpected failure of the check itself", got)
	}
	never := make(chan struct{})
	defer close(never)
	got = e.bounded(t.Context(), func(exam, context.Context) check { <-never; return check{} })
	if got.Status != failed || got.Message != "this took longer than 1ms" {
		t.Errorf("got %+v, want a failure after 1ms", got)
	}
}

// On a terminal, all checks must line up.
func TestTerminal(t *testing.T) {
	home := t.TempDir()
	env := map[string]string{"HOME": home, "LOCALAPPDATA": home, "APPDATA": home, "STOCKCTL_PROFILE": "sandbox", "NO_COLOR": "1"}
	streams, _, out, _ := iostreams.Test()
	streams.OutTTY = true
	a := app.New(streams, app.Build{})
	a.LookupEnv = func(name string) (string, bool) { v, set := env[name]; return v, set }
	if err := runDoctor(t.Context(), &doctorOptions{app: a}); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	want := strings.Fields(allChecks)
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(line, " ") { // a continued message
			continue
		}
		if len(want) == 0 || len(line) < 24 || strings.TrimRight(line[9:22], " ") != want[0] || line[7:9] != "  " {
			t.Fatalf("the line is %q, want one for %v\n%s", line, want, out)
		}
		want = want[1:]
	}
	if len(want) > 0 {
		t.Errorf("there is no line for %v", want)
	}
}

package doctor

import (
	"context"
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/api/way"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
)

// inProcess is the reason why there is no connection to check.
const inProcess = "the sandbox runs inside stockctl, without a network"

// baseURL checks the API's address and connects to it once. The checks from proxy
// to clock report what that probe found.
func (e exam) baseURL(ctx context.Context) check {
	if e.config.IsSandbox() {
		c := passed(inProcess)
		c.then = func(e *exam) { e.noServer = inProcess }
		return c
	}
	if e.noServer != "" {
		return passed(e.noServer)
	}
	client, err := e.app.Anonymous()
	if err != nil {
		cure := failure.HintOf(err)
		if cure == "" {
			cure = e.setBaseURL()
		}
		c := broken(failure.KindOf(err), err.Error(), cure)
		c.then = func(e *exam) {
			e.noServer = "the base URL must be fixed first"
			e.noAccount = e.noServer
		}
		return c
	}
	probe := client.Probe(ctx)
	to := e.config.BaseURL()
	c := fine("%s (%s)", to.Value, to.Origin)
	if u, err := url.Parse(to.Value); err == nil && u.Scheme == "http" && e.config.AllowHTTP() {
		c = doubtful(fmt.Sprintf("%s (%s) is plain http, which exposes the keys to the network", to.Value, to.Origin), e.setBaseURL())
	}
	c.then = func(e *exam) {
		e.probe = &probe
		if probe.Err != nil {
			e.noAccount = "the API cannot be reached"
		}
	}
	return c
}

func (e exam) setBaseURL() string {
	return "set it: " + e.app.SetBaseURL("https://HOST")
}

// unseen is the check of a step that the probe did not reach.
func (e exam) unseen(step way.Step) (check, bool) {
	switch {
	case e.noServer != "":
		return passed(e.noServer), true
	case e.probe == nil:
		return passed("there was no connection to the base URL"), true
	case e.probe.Failed != way.StepNone && e.probe.Failed < step:
		return passed("an earlier step failed"), true
	}
	return check{}, false
}

func (e exam) proxy(context.Context) check {
	if c, yes := e.unseen(way.StepNone); yes {
		return c
	}
	if e.probe.Proxy == "" {
		return fine("none for %s", e.probe.Host)
	}
	return fine("%s, from HTTPS_PROXY or HTTP_PROXY", e.probe.Proxy)
}

func (e exam) dns(context.Context) check {
	if c, yes := e.unseen(way.StepResolve); yes {
		return c
	}
	p := e.probe
	name := p.Host
	if p.Proxy != "" {
		name = p.Proxy + " (the proxy looks up " + p.Host + ")"
	}
	if p.Failed == way.StepResolve {
		return broken(failure.Unavailable, p.Err.Error(), "check the base URL and the network: `stockctl profile show`, `nslookup "+failure.Arg(hostOnly(p.Host))+"`")
	}
	if len(p.Addresses) == 0 {
		return fine("%s is an IP address: no lookup needed", name)
	}
	return fine("%s resolves to %s", name, strings.Join(p.Addresses[:min(len(p.Addresses), 3)], ", "))
}

func hostOnly(hostport string) string {
	if u, err := url.Parse("//" + hostport); err == nil {
		return u.Hostname()
	}
	return hostport
}

func (e exam) connection(context.Context) check {
	if c, yes := e.unseen(way.StepConnect); yes {
		return c
	}
	p := e.probe
	cure := "check the base URL, the network and the firewall: `stockctl profile show`, `curl -v " + failure.Arg(e.config.BaseURL().Value) + "`"
	switch {
	case p.Failed == way.StepConnect && p.Proxy != "":
		return broken(p.Err.FailureKind(), p.Err.Error(), e.remedy(p.Err, "check the proxy, or bypass it: `NO_PROXY="+failure.Arg(hostOnly(p.Host))+" stockctl doctor`"))
	case p.Failed == way.StepConnect:
		return broken(p.Err.FailureKind(), p.Err.Error(), e.remedy(p.Err, cure))
	case p.Failed == way.StepResponse:
		return broken(p.Err.FailureKind(), p.Err.Error(), e.remedy(p.Err, cure))
	case p.Failed == way.StepSecure:
		return fine("%s responds", p.Connected)
	}
	return fine("%s responds (%d without credentials)", p.Connected, p.Status)
}

// remedy returns the specific cure for an error, or else a general one.
func (e exam) remedy(err error, otherwise string) string {
	if cure := e.app.Cure(err); cure != "" {
		return cure
	}
	return otherwise
}

// soon is how long before its expiry a certificate is reported. Automatic renewals
// happen earlier than this.
const soon = 7 * 24 * time.Hour

func (e exam) certificate(context.Context) check {
	if c, yes := e.unseen(way.StepSecure); yes {
		return c
	}
	p := e.probe
	if p.Failed == way.StepSecure {
		return broken(p.Err.FailureKind(), p.Err.Error(), e.remedy(p.Err, "check the server: `curl -v "+failure.Arg(e.config.BaseURL().Value)+"`"))
	}
	if p.Certificate == nil {
		if p.Failed == way.StepNone {
			return passed("plain http has no certificate")
		}
		return passed("an earlier step failed")
	}
	names, until := strings.Join(p.Certificate.Names, ", "), p.Certificate.Until
	ends := until.UTC().Format(time.DateOnly)
	if left := until.Sub(e.app.Now()); left < soon {
		return doubtful(fmt.Sprintf("issued for %s; it expires soon, on %s", names, ends),
			"ask the operator of the server to renew it, then run `stockctl doctor` again")
	}
	return fine("issued for %s; it expires on %s", names, ends)
}

// drift is the tolerated difference between the clocks: tokens are renewed this
// long before they expire.
const drift = app.TokenLeeway

func (e exam) clock(context.Context) check {
	if c, yes := e.unseen(way.StepResponse); yes {
		return c
	}
	p := e.probe
	switch {
	case p.Failed != way.StepNone:
		return passed("an earlier step failed")
	case !p.Dated:
		return passed("the server sends no Date header")
	}
	by, way := p.Ahead, "behind"
	if by < 0 {
		by, way = -by, "ahead of"
	}
	if by <= drift {
		return fine("in step with the server's")
	}
	sync := map[string]string{"darwin": "sudo sntp -sS time.apple.com", "windows": "w32tm /resync"}[runtime.GOOS]
	if sync == "" {
		sync = "sudo timedatectl set-ntp true"
	}
	return doubtful(fmt.Sprintf("this machine's clock is %s %s the server's, so expired tokens may not be noticed in time",
		by.Round(time.Minute), way), "set it: `"+sync+"`")
}

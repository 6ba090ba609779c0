package app

import (
	"errors"
	"net/http"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/api/way"
	"github.com/bayworks/stockctl/internal/failure"
)

// Cure is what to do about an error that waiting does not cure: something
// between this machine and the API has to be set right. It is "" for any other.
func (a *App) Cure(err error) string {
	var e *api.Error
	if !errors.As(err, &e) {
		return ""
	}
	switch {
	case e.Stranger() && e.Status == http.StatusNotFound:
		return "look at the base URL, " + a.baseURL() + ": " + a.SetBaseURL("URL") + " changes it"
	case e.Stranger():
		return "see what answers: `curl -v " + failure.Arg(a.baseURL()) + "`; ask whoever runs the network to let you through"
	}
	switch e.Obstacle() {
	case way.ObstacleHost:
		return "name the host that the certificate is for: " + a.SetBaseURL("https://HOST")
	case way.ObstacleExpired:
		return "look at this machine's clock, `date`; when it is right, the server's certificate must be renewed"
	case way.ObstacleAuthority:
		return "if the authority is your own, name its certificate: `export SSL_CERT_FILE=FILE`"
	case way.ObstaclePlain:
		return "name the port that speaks https: " + a.SetBaseURL("https://HOST:PORT")
	case way.ObstacleProxy:
		return "set user and password of the proxy: `export HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT`; or go without it for this host: `export NO_PROXY=HOST`"
	case way.ObstacleCertificate, way.ObstacleHandshake:
		return "see what the server offers: `curl -v " + failure.Arg(a.baseURL()) + "`"
	}
	return ""
}

// SetBaseURL names the place where the base URL of this call has to be changed.
func (a *App) SetBaseURL(to string) string {
	c, err := a.Config()
	if err != nil {
		return "--base-url " + to
	}
	origin := string(c.BaseURL().Origin)
	switch {
	case strings.HasPrefix(origin, "flag "):
		return "`--base-url " + to + "`"
	case strings.HasPrefix(origin, "environment "):
		return "`export STOCKCTL_BASE_URL=" + to + "`"
	}
	return "`stockctl profile set " + c.Profile() + " --base-url " + to + "`"
}

func (a *App) baseURL() string {
	c, err := a.Config()
	if err != nil {
		return "URL"
	}
	return c.BaseURL().Value
}

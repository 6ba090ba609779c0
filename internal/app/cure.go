package app

import (
	"errors"
	"net/http"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/api/way"
	"github.com/bayworks/stockctl/internal/failure"
)

// Cure returns what to do about a connection error that does not go away by waiting,
// because something between this machine and the API is set up wrongly. It returns
// "" for any other error.
func (a *App) Cure(err error) string {
	var e *api.Error
	if !errors.As(err, &e) {
		return ""
	}
	switch {
	case e.Stranger() && e.Status == http.StatusNotFound:
		return "check the base URL, " + a.baseURL() + ": " + a.SetBaseURL("URL") + " changes it"
	case e.Stranger():
		return "see what responds: `curl -v " + failure.Arg(a.baseURL()) + "`; ask whoever runs the network to let you through"
	}
	switch e.Obstacle() {
	case way.ObstacleHost:
		return "use the host name that the certificate was issued for: " + a.SetBaseURL("https://HOST")
	case way.ObstacleExpired:
		return "check this machine's clock with `date`; if it is right, the server's certificate must be renewed"
	case way.ObstacleAuthority:
		return "if the authority is your own, trust its certificate: `export SSL_CERT_FILE=FILE`"
	case way.ObstaclePlain:
		return "use the server's https port: " + a.SetBaseURL("https://HOST:PORT")
	case way.ObstacleProxy:
		return "set the user and password of the proxy: `export HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT`; or bypass it for this host: `export NO_PROXY=HOST`"
	case way.ObstacleCertificate, way.ObstacleHandshake:
		return "check the server: `curl -v " + failure.Arg(a.baseURL()) + "`"
	}
	return ""
}

// SetBaseURL returns the flag, variable or command that changes the base URL of this
// call.
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
	return "`stockctl profile set " + failure.Arg(c.Profile()) + " --base-url " + to + "`"
}

func (a *App) baseURL() string {
	c, err := a.Config()
	if err != nil {
		return "URL"
	}
	return c.BaseURL().Value
}

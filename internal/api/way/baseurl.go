package way

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// CheckBaseURL returns an error if a URL is not valid as a base URL. It must use https,
// or http on this machine (127.0.0.0/8, ::1, localhost), or http anywhere with
// allowHTTP. It must have a host, but no user, query or fragment. A path and a trailing
// slash are allowed. The error is of the kind failure.Config and repeats no password.
func CheckBaseURL(raw string, allowHTTP bool) error {
	_, err := ParseBaseURL(raw, allowHTTP)
	return err
}

// ParseBaseURL checks the URL like CheckBaseURL and removes the trailing slash.
func ParseBaseURL(raw string, allowHTTP bool) (*url.URL, error) {
	bad := func(what string) error { return failure.New(failure.Config, "the base URL %s", what) }
	if strings.TrimSpace(raw) == "" {
		return nil, bad("is missing")
	}
	u, err := url.Parse(raw)
	if err != nil {
		// The outer error repeats the whole URL, which may contain a password.
		var outer *url.Error
		if errors.As(err, &outer) && !strings.Contains(raw, "@") {
			return nil, failure.New(failure.Config, "the base URL %q cannot be read: %w", failure.Clip(raw, 80), outer.Err)
		}
		return nil, bad("cannot be read")
	}
	shown := failure.Clip(u.Host+u.EscapedPath(), 80)
	switch {
	case u.User != nil:
		return nil, bad("must not contain a user name or password: sign in instead")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, failure.New(failure.Config, "the base URL %q must begin with https://", failure.Clip(raw, 80))
	case u.Opaque != "" || u.Hostname() == "":
		return nil, failure.New(failure.Config, "the base URL %q names no host", failure.Clip(raw, 80))
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(raw, "#"):
		return nil, failure.New(failure.Config, "the base URL of %s must end before ? and #", shown)
	case !validPort(u.Port()):
		return nil, failure.New(failure.Config, "the base URL of %s has no valid port", shown)
	case u.Scheme == "http" && !allowHTTP && !IsLoopback(u.Hostname()):
		return nil, failure.New(failure.Config, "the base URL of %s must begin with https://, because plain http would expose the keys to the network", shown)
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.RawPath, "/")
	return u, nil
}

func validPort(port string) bool {
	if port == "" {
		return true
	}
	n, err := strconv.Atoi(port)
	return err == nil && n > 0 && n < 1<<16
}

// IsLoopback reports whether a host is this machine. It goes by the name or address
// alone, without a lookup.
func IsLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

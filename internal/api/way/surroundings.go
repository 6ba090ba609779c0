package way

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// CheckSurroundings rejects environment settings that net/http would ignore silently:
// it would skip a proxy that it cannot parse, and use the system's certificates if those
// in a setting are missing. It never shows the value of a proxy, which may contain a
// password.
func CheckSurroundings(base *url.URL) error {
	if IsLoopback(base.Hostname()) && base.Scheme == "http" {
		return nil
	}
	if err := checkProxy(base); err != nil {
		return err
	}
	if base.Scheme != "https" || runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		return nil // only the system's settings apply
	}
	return checkAuthorities()
}

// checkProxy checks the proxy that net/http will use.
func checkProxy(base *url.URL) error {
	name := "HTTP_PROXY"
	if base.Scheme == "https" {
		name = "HTTPS_PROXY"
	}
	for _, name := range []string{name, strings.ToLower(name)} {
		text := os.Getenv(name)
		if text == "" {
			continue
		}
		if noProxy := os.Getenv("NO_PROXY") + os.Getenv("no_proxy"); noProxy != "*" && !IsLoopback(base.Hostname()) && !isProxy(text) {
			return failure.New(failure.Config, "%s is not the address of a proxy", name).
				Hint("write it as http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT with %%XX for characters other than letters and digits; or unset it: `unset %s`", name)
		}
		return nil
	}
	return nil
}

func isProxy(text string) bool {
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || !validPort(u.Port()) {
		return false
	}
	return slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme)
}

// checkAuthorities checks that SSL_CERT_FILE and SSL_CERT_DIR can be used.
func checkAuthorities() error {
	advice := "name a file of certificates in PEM, or unset it: `unset %s`"
	if file := os.Getenv("SSL_CERT_FILE"); file != "" {
		if err := holdsCertificate(file); err != nil {
			return failure.New(failure.Config, "SSL_CERT_FILE: %s: %w", file, err).Hint(advice, "SSL_CERT_FILE")
		}
	}
	for _, dir := range filepath.SplitList(os.Getenv("SSL_CERT_DIR")) {
		if _, err := os.ReadDir(dir); dir != "" && err != nil {
			return failure.New(failure.Config, "SSL_CERT_DIR: %w", err).Hint(advice, "SSL_CERT_DIR")
		}
	}
	return nil
}

func holdsCertificate(file string) error {
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() { // opening a pipe could wait forever
		return errors.New("it is not a regular file")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			return path.Err
		}
		return err
	}
	for len(text) > 0 {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		if _, err := x509.ParseCertificate(block.Bytes); err == nil {
			return nil
		}
	}
	return errors.New("it contains no certificate")
}

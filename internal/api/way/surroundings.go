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

// CheckSurroundings refuses settings of the environment that net/http would
// ignore without a word: a proxy that cannot be read would be left out, and
// certificates that are not there would be those of the system. What they hold
// is never shown, since it may be a password.
func CheckSurroundings(base *url.URL) error {
	if IsLoopback(base.Hostname()) && base.Scheme == "http" {
		return nil
	}
	if err := checkProxy(base); err != nil {
		return err
	}
	if base.Scheme != "https" || runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		return nil // there, the system alone says whom to trust
	}
	return checkAuthorities()
}

// checkProxy reads the proxy as net/http will.
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
				Hint("write it as http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT with other signs than letters and digits as %%XX; or unset it: `unset %s`", name)
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

// checkAuthorities looks at what SSL_CERT_FILE and SSL_CERT_DIR name.
func checkAuthorities() error {
	cure := "name a file of certificates in PEM, or unset it: `unset %s`"
	if file := os.Getenv("SSL_CERT_FILE"); file != "" {
		if err := holdsCertificate(file); err != nil {
			return failure.New(failure.Config, "SSL_CERT_FILE: %s: %w", file, err).Hint(cure, "SSL_CERT_FILE")
		}
	}
	for _, dir := range filepath.SplitList(os.Getenv("SSL_CERT_DIR")) {
		if _, err := os.ReadDir(dir); dir != "" && err != nil {
			return failure.New(failure.Config, "SSL_CERT_DIR: %w", err).Hint(cure, "SSL_CERT_DIR")
		}
	}
	return nil
}

func holdsCertificate(file string) error {
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
	return errors.New("it holds no certificate")
}

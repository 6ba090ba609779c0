package webhook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/webhook"
)

const secret = "/services/T000/B000/very-secret"

func TestParse(t *testing.T) {
	for text, message := range map[string]string{
		"https://hooks.example.com" + secret:          "",
		"https://hooks.example.com" + secret + "\r\n": "",
		"":                                  "the webhook of X is empty",
		"http://hooks.example.com" + secret: "the webhook of X does not begin with https://",
		"https://u:p@hooks.example.com/":    "the webhook of X contains a user name or a password",
		"https://" + secret:                 "the webhook of X is not an address",
		" https://hooks.example.com/":       "the webhook of X is not an address",
		"https://hooks.example.com/%zz":     "the webhook of X is not an address",
		"hooks.example.com" + secret:        "the webhook of X is not an address",
	} {
		_, err := webhook.Parse(text, "X")
		if message == "" && err != nil || message != "" && (err == nil || err.Error() != message || failure.KindOf(err) != failure.Config) {
			t.Errorf("%q: %v, want %q", text, err, message)
		}
	}
}

func TestSlack(t *testing.T) {
	for text, want := range map[string]bool{
		"https://hooks.slack.com/services/x": true, "https://hooks.slack-gov.com/x": true,
		"https://hooks.slack.com.example.com/x": false, "https://example.com/hooks.slack.com": false,
	} {
		u, err := webhook.Parse(text, "X")
		if err != nil || u.IsSlack() != want {
			t.Errorf("%s: %v, %v", text, u.IsSlack(), err)
		}
	}
}

// Neither fmt nor encoders reveal the address.
func TestAddressIsHidden(t *testing.T) {
	u, err := webhook.Parse("https://hooks.example.com"+secret, "X")
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(map[string]any{"url": u})
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{fmt.Sprint(u), fmt.Sprintf("%v %+v %#v %s %q %d", u, u, u, u, u, u), string(encoded)} {
		if strings.Contains(shown, "secret") || strings.Contains(shown, "example") {
			t.Error(shown)
		}
	}
}

// hook is a webhook on a TLS server.
type hook struct {
	*httptest.Server
	status int
	header http.Header
	got    *http.Request
	body   []byte
	calls  int
}

func newHook(t *testing.T) (*hook, webhook.URL, webhook.Sender) {
	h := &hook{status: 200, header: http.Header{}}
	h.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.calls++
		h.got = r
		h.body, _ = io.ReadAll(r.Body)
		for name, values := range h.header {
			w.Header()[name] = values
		}
		w.WriteHeader(h.status)
		w.Write(bytes.Repeat([]byte("x"), 1<<20))
	}))
	t.Cleanup(h.Close)
	u, err := webhook.Parse(h.URL+secret, "X")
	if err != nil {
		t.Fatal(err)
	}
	return h, u, webhook.Sender{Transport: h.Client().Transport, Agent: "stockctl/test"}
}

func TestSend(t *testing.T) {
	h, u, s := newHook(t)
	if err := s.Send(t.Context(), u, map[string]int{"count": 3}); err != nil {
		t.Fatal(err)
	}
	if h.got.Method != "POST" || h.got.URL.Path != secret || string(h.body) != `{"count":3}` {
		t.Errorf("%s %s %s", h.got.Method, h.got.URL, h.body)
	}
	for name := range h.got.Header {
		switch name {
		case "Content-Type", "Content-Length", "User-Agent", "Accept-Encoding":
		default:
			t.Errorf("the request carries %s", name)
		}
	}
}

func TestSendFails(t *testing.T) {
	for name, test := range map[string]struct {
		set     func(*hook)
		kind    failure.Kind
		message string
	}{
		"not found": {func(h *hook) { h.status = 404 }, failure.Config, "the webhook of X refused the message (404)"},
		"fails":     {func(h *hook) { h.status = 500 }, failure.Unavailable, "the webhook of X failed (500)"},
		"busy":      {func(h *hook) { h.status = 429 }, failure.Unavailable, "the webhook of X failed (429)"},
		"redirects": {func(h *hook) {
			h.status = 307
			h.header.Set("Location", h.URL+"/elsewhere")
		}, failure.Config, "the webhook of X redirects to another address (307), which stockctl does not follow"},
		"gone": {func(h *hook) { h.Close() }, failure.Unavailable, "the webhook of X cannot be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			h, u, s := newHook(t)
			test.set(h)
			err := s.Send(t.Context(), u, "m")
			if err == nil || err.Error() != test.message || failure.KindOf(err) != test.kind {
				t.Errorf("got %s: %v, want %s: %s", failure.KindOf(err), err, test.kind, test.message)
			}
			if text := fmt.Sprintf("%+v %s", err, failure.HintOf(err)); strings.Contains(text, "secret") || strings.Contains(text, "127.0.0.1") {
				t.Errorf("the address is shown: %s", text)
			}
			if h.calls > 1 {
				t.Errorf("%d requests", h.calls)
			}
		})
	}
}

func TestUntrustedCertificate(t *testing.T) {
	_, u, _ := newHook(t)
	err := webhook.Sender{}.Send(t.Context(), u, "m")
	if want := "the webhook of X has a certificate that is not trusted"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestInterrupted(t *testing.T) {
	_, u, s := newHook(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("stopped")
	cancel(stop)
	if err := s.Send(ctx, u, "m"); !errors.Is(err, stop) {
		t.Error(err)
	}
}

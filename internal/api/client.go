package api

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-resty/resty/v2"

	"github.com/bayworks/stockctl/internal/api/way"
	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/pace"
)

// Defaults for Options.
const (
	defaultTimeout     = 30 * time.Second
	defaultMaxWait     = 60 * time.Second
	defaultConnections = 4
)

// maxBody is the largest response to read, in bytes after decompression.
const maxBody = 16 << 20

// Options configure a Client. Only BaseURL is required.
type Options struct {
	BaseURL     string            // as CheckBaseURL allows
	Transport   http.RoundTripper // nil: one tuned to Connections, with the proxy of the environment
	Timeout     time.Duration     // per request; 30 s when not above 0
	MaxWait     time.Duration     // total wait of one call for a busy API, including Retry-After; 0: 60 s; below 0: never wait
	Connections int               // 4 when not above 0
	UserAgent   string
	Auth        Authenticator // nil: send no credentials
	Debug       io.Writer     // gets requests and responses, one block each, with secrets redacted; nil: none
	AllowHTTP   bool          // also allow plain http to other hosts, but never with a live key
	Pace        *pace.Gate    // reads wait for it, and it is given the API's stated limits; nil: none
	Learner     Learner       // nil: none
	Sent        *atomic.Bool  // set to true once a write may have reached the API; nil: none

	Now   func() time.Time                                 // nil: time.Now
	Sleep func(ctx context.Context, d time.Duration) error // nil: the real one
}

// Authenticator provides the two secrets. The client asks for them only when a request
// needs them. It must be safe for concurrent use and may call Client.Login.
type Authenticator interface {
	MerchantKey(ctx context.Context) (string, error)
	Token(ctx context.Context) (string, error)
	// Renew is called after the API rejected the token `rejected`. It returns a
	// new one, or an error if it cannot.
	Renew(ctx context.Context, rejected string) (string, error)
}

// Client talks to one inventory API. It is safe for concurrent use.
type Client struct {
	http    *resty.Client
	base    *url.URL
	baseURL string // without a trailing slash
	agent   string
	auth    Authenticator
	timeout time.Duration
	maxWait time.Duration
	now     func() time.Time
	sleep   func(context.Context, time.Duration) error
	spread  func() float64 // 0 ≤ x < 1, for the jitter of waits

	// exact means that the transport is that of net/http. Its trace reports
	// reliably whether a request ever had a connection.
	exact bool

	pace    *pace.Gate
	learner Learner
	sent    *atomic.Bool

	debug      io.Writer
	debugOrder sync.Mutex

	clock      atomic.Pointer[reading]
	wellFormed atomic.Pointer[secrets] // the last ones checked to be valid in headers
}

// New returns a client. A bad base URL is an error of the kind failure.Config.
func New(o Options) (*Client, error) {
	base, err := way.ParseBaseURL(o.BaseURL, o.AllowHTTP)
	if err != nil {
		return nil, err
	}
	c := &Client{
		base: base, baseURL: base.String(), agent: o.UserAgent, auth: o.Auth,
		timeout: o.Timeout, maxWait: o.MaxWait, now: o.Now, sleep: o.Sleep,
		spread: rand.Float64, debug: o.Debug, learner: o.Learner, pace: o.Pace, sent: o.Sent,
	}
	if c.timeout <= 0 {
		c.timeout = defaultTimeout
	}
	if c.maxWait == 0 {
		c.maxWait = defaultMaxWait
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.sleep == nil {
		c.sleep = await.Sleep
	}
	if c.agent == "" {
		c.agent = "stockctl"
	}
	connections := o.Connections
	if connections <= 0 {
		connections = defaultConnections
	}
	transport := o.Transport
	if transport == nil {
		if err := way.CheckSurroundings(base); err != nil {
			return nil, err
		}
		transport = way.Transport(connections)
	}
	_, c.exact = transport.(*http.Transport)
	c.http = newResty(transport)
	return c, nil
}

// newResty returns a resty client without its automatic features: retries would
// resend POSTs, redirects would send the merchant key to other hosts, and the
// logger would write to stderr.
func newResty(transport http.RoundTripper) *resty.Client {
	r := resty.NewWithClient(&http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	})
	r.SetPreRequestHook(func(_ *resty.Client, req *http.Request) error {
		way.SendOnce(req)
		return nil
	})
	return r.SetRetryCount(0).SetResponseBodyLimit(maxBody).SetLogger(quiet{}).SetDisableWarn(true)
}

// Timeout returns how long one request may take.
func (c *Client) Timeout() time.Duration { return c.timeout }

// Pace returns the gate that reads wait for, or nil. The client does not make writes
// wait for it: callers that share it do that themselves.
func (c *Client) Pace() *pace.Gate { return c.pace }

// quiet is a logger that discards everything.
type quiet struct{}

func (quiet) Errorf(string, ...any) {}
func (quiet) Warnf(string, ...any)  {}
func (quiet) Debugf(string, ...any) {}

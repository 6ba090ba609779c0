package fakeshop

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

// RoundTrip lets an HTTP client call the store without a network. As over a network, a
// request ends with its context even if the store is still busy with it, and a response
// that panics with http.ErrAbortHandler cuts the connection.
func (l *Local) RoundTrip(r *http.Request) (*http.Response, error) {
	inner, err := received(r)
	if err != nil {
		return nil, err
	}
	responses := make(chan *httptest.ResponseRecorder, 1)
	go func() { responses <- l.respond(inner) }()
	select {
	case <-r.Context().Done():
		return nil, r.Context().Err()
	case response := <-responses:
		if err := r.Context().Err(); err != nil {
			return nil, err
		}
		if response == nil {
			return nil, fmt.Errorf("the store cut the connection: %w", io.ErrUnexpectedEOF)
		}
		return response.Result(), nil
	}
}

// received returns a request as a server sees it. The body is copied, because a client
// must not touch it after RoundTrip, but the store may still be reading it.
func received(r *http.Request) (*http.Request, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		if err := r.Body.Close(); err != nil {
			return nil, err
		}
	}
	inner := r.Clone(r.Context())
	inner.Body = io.NopCloser(bytes.NewReader(body))
	inner.RequestURI = r.URL.RequestURI()
	return inner, nil
}

// respond returns the response to a request, or nil if the connection is cut.
func (l *Local) respond(r *http.Request) (response *httptest.ResponseRecorder) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			response = nil
		default:
			panic(p)
		}
	}()
	response = httptest.NewRecorder()
	l.ServeHTTP(response, r)
	return response
}

// Instantly runs a test on a clock that starts at the present and jumps ahead whenever
// every goroutine of the test waits. So waiting takes no time, and no request is late
// because the machine is busy. The test must use a Local, because a goroutine that reads
// from a network never counts as waiting.
func Instantly(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	now := time.Now()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(now))
		test(t)
	})
}

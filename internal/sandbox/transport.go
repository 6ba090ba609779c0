package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// Transport returns a RoundTripper that calls the server within the process,
// without a port. It behaves like HTTP: it respects the request's context and
// reports a cut connection as an error. It accepts any host and scheme.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

type transport struct{ server *Server }

// RoundTrip passes the request to the server and waits for the response.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	body := r.Body
	if body == nil {
		body = http.NoBody
	}
	// The body is only read, so an error loses nothing.
	defer func() { _ = body.Close() }()
	ctx := r.Context()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	inner := r.Clone(ctx)
	inner.Body = body
	inner.RequestURI = r.URL.RequestURI()
	inner.RemoteAddr = "127.0.0.1:0"
	if inner.Host == "" {
		inner.Host = r.URL.Host
	}
	w := &memo{header: http.Header{}}
	if cut := t.serve(w, inner); cut {
		return nil, fmt.Errorf("the sandbox cut the connection: %w", io.ErrUnexpectedEOF)
	}
	// Over HTTP the caller would not have seen the response to a cancelled
	// request.
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return w.response(r), nil
}

// serve runs the handler and reports whether it cut the connection.
func (t transport) serve(w http.ResponseWriter, r *http.Request) (cut bool) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			cut = true
		default:
			panic(p)
		}
	}()
	t.server.ServeHTTP(w, r)
	return false
}

// memo is a ResponseWriter that keeps the response in memory.
type memo struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (m *memo) Header() http.Header { return m.header }

func (m *memo) WriteHeader(status int) {
	if m.status == 0 {
		m.status = status
	}
}

func (m *memo) Write(b []byte) (int, error) {
	m.WriteHeader(http.StatusOK)
	return m.body.Write(b)
}

func (m *memo) response(r *http.Request) *http.Response {
	length := int64(m.body.Len())
	body := io.NopCloser(&m.body)
	if r.Method == http.MethodHead {
		body = http.NoBody
	}
	return &http.Response{
		Status:        strconv.Itoa(m.status) + " " + http.StatusText(m.status),
		StatusCode:    m.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        m.header,
		Body:          body,
		ContentLength: length,
		Request:       r,
	}
}

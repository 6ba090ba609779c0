package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// Transport returns a way to call the server within the process, without a
// port. It answers as HTTP does, ends with the request's context, and turns a
// cut connection into an error. It takes any host and scheme.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

type transport struct{ server *Server }

// RoundTrip hands the request to the server and waits for its answer.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	body := r.Body
	if body == nil {
		body = http.NoBody
	}
	// Nothing was written to it, so nothing is lost with the error.
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
	// An answer that tells of the call's own end is not one a caller over HTTP
	// would have seen.
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return w.response(r), nil
}

// serve runs the handler and tells whether it cut the connection.
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

// memo keeps an answer in memory.
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

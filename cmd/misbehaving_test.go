package cmd_test

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/bayworks/stockctl/internal/sandbox"
)

// lies are responses of a server that does the work and then misreports it, or reports
// work that it has not done.
func lies() []fault {
	worked := func(response func(w http.ResponseWriter, body []byte)) func(*faultServer, http.ResponseWriter, *http.Request) {
		return func(f *faultServer, w http.ResponseWriter, r *http.Request) { response(w, f.work(r).Body.Bytes()) }
	}
	html := []byte("<html><title>Welcome</title>Please accept the terms of this network.</html>")
	return []fault{
		{"another record", worked(func(w http.ResponseWriter, body []byte) { _, _ = w.Write(another(body)) })},
		{"no data", worked(func(w http.ResponseWriter, _ []byte) { _, _ = io.WriteString(w, `{"status":true}`) })},
		{"an empty 200", worked(func(http.ResponseWriter, []byte) {})},
		{"HTML after the work", worked(func(w http.ResponseWriter, _ []byte) { _, _ = w.Write(html) })},
		{"HTML instead of the work", func(_ *faultServer, w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(html) }},
		{"status false in a 200", func(_ *faultServer, w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"status":false,"message":"Not today"}`)
		}},
		{"a body with the end cut off", worked(func(w http.ResponseWriter, body []byte) { _, _ = w.Write(body[:len(body)-4]) })},
		{"plain text called gzip", worked(func(w http.ResponseWriter, body []byte) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(body)
		})},
		{"half of a gzip", worked(func(w http.ResponseWriter, body []byte) {
			var packed bytes.Buffer
			z := gzip.NewWriter(&packed)
			_, _ = z.Write(body)
			_ = z.Close()
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed.Bytes()[:packed.Len()/2])
		})},
		{"a redirect after the work", worked(func(w http.ResponseWriter, _ []byte) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(http.StatusSeeOther)
		})},
		{"a redirect instead of the work", func(_ *faultServer, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(http.StatusTemporaryRedirect)
		}},
	}
}

// another changes a response so that it is about another record or warehouse.
func another(body []byte) []byte {
	var response map[string]any
	if json.Unmarshal(body, &response) != nil {
		return body
	}
	if data, is := response["data"].(map[string]any); is {
		for _, field := range []string{"id", "productId", "warehouseId", "code"} {
			if text, is := data[field].(string); is {
				data[field] = text + "_other"
			}
		}
	}
	text, err := json.Marshal(response)
	if err != nil {
		return body
	}
	return text
}

// Whatever a server responds, the exit code of a write matches what the server did.
func TestServersThatLie(t *testing.T) {
	var every sync.WaitGroup
	room := make(chan struct{}, 24) // they mostly wait
	for _, w := range writers() {
		for _, f := range lies() {
			if w.name == "api" && f.name != "status false in a 200" {
				continue // it shows what the API returns
			}
			every.Go(func() {
				room <- struct{}{}
				defer func() { <-room }()
				suffer(t, w, f, sandbox.Published, false)
			})
		}
	}
	every.Wait()
}

// frame is the header of an HTTP/2 frame.
type frame struct {
	size   int
	kind   byte
	flags  byte
	stream uint32
}

// Kinds of HTTP/2 frames, and the reasons to end a stream.
const (
	headersFrame = 0x1
	resetFrame   = 0x3
	awayFrame    = 0x7

	noError       = 0
	internalError = 2
	refusedStream = 7
)

func readFrame(r io.Reader) (f frame, raw []byte, err error) {
	raw = make([]byte, 9)
	if _, err = io.ReadFull(r, raw); err != nil {
		return f, nil, err
	}
	f = frame{int(raw[0])<<16 | int(raw[1])<<8 | int(raw[2]), raw[3], raw[4], binary.BigEndian.Uint32(raw[5:]) & 0x7fffffff}
	raw = append(raw, make([]byte, f.size)...)
	_, err = io.ReadFull(r, raw[9:])
	return f, raw, err
}

// control returns a frame that contains numbers.
func control(kind byte, stream uint32, numbers ...uint32) []byte {
	out := []byte{0, 0, byte(4 * len(numbers)), kind, 0}
	out = binary.BigEndian.AppendUint32(out, stream)
	for _, n := range numbers {
		out = binary.BigEndian.AppendUint32(out, n)
	}
	return out
}

// http2Fault decides what a proxy does instead of sending the response of a write, on the
// stream of the request. It is called once.
type http2Fault struct {
	name   string
	before bool // the request does not reach the server
	frames func(stream uint32) [][]byte
	closes bool
}

func http2Faults() []http2Fault {
	away := func(last func(uint32) uint32, why uint32) func(uint32) [][]byte {
		return func(s uint32) [][]byte { return [][]byte{control(awayFrame, 0, last(s), why)} }
	}
	this := func(s uint32) uint32 { return s }
	earlier := func(s uint32) uint32 { return s - 2 }
	reset := func(why uint32) func(uint32) [][]byte {
		return func(s uint32) [][]byte { return [][]byte{control(resetFrame, s, why)} }
	}
	return []http2Fault{
		{"reset after the work", false, reset(internalError), false},
		{"reset instead of the work", true, reset(internalError), false},
		{"refused stream", true, reset(refusedStream), false},
		{"GOAWAY with the stream, then closed", false, away(this, noError), true},
		{"GOAWAY without the stream", true, away(earlier, noError), true},
		{"GOAWAY that denies the work", false, away(earlier, noError), true},
		{"GOAWAY with an error", false, away(this, internalError), true},
		{"closed after the work", false, func(uint32) [][]byte { return nil }, true},
	}
}

// http2Proxy forwards HTTP/2 frames over TLS to a server, and spoils the nth write.
type http2Proxy struct {
	back   *httptest.Server
	fault  http2Fault
	nth    int64
	writes atomic.Int64
	done   atomic.Bool
}

// serve accepts connections until the listener is closed.
func (p *http2Proxy) serve(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go p.forward(conn)
	}
}

func (p *http2Proxy) forward(front net.Conn) {
	defer front.Close()
	trust := p.back.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	trust.NextProtos = []string{"h2"}
	back, err := tls.Dial("tcp", p.back.Listener.Addr().String(), trust)
	if err != nil {
		return
	}
	defer back.Close()
	var writing sync.Mutex // of frames to the client
	var spoiled atomic.Uint32
	worked := make(chan struct{})
	go func() { // responses
		defer front.Close()
		for {
			f, raw, err := readFrame(back)
			if err != nil {
				return
			}
			if s := spoiled.Load(); s != 0 && f.stream == s {
				if f.kind == headersFrame {
					close(worked)
				}
				continue
			}
			writing.Lock()
			_, err = front.Write(raw)
			writing.Unlock()
			if err != nil {
				return
			}
		}
	}()
	preface := make([]byte, 24)
	if _, err := io.ReadFull(front, preface); err != nil {
		return
	}
	if _, err := back.Write(preface); err != nil {
		return
	}
	for { // requests
		f, raw, err := readFrame(front)
		if err != nil {
			return
		}
		const endStream = 1
		// A request with a body is a write.
		if f.kind == headersFrame && f.flags&endStream == 0 && p.writes.Add(1) == p.nth {
			spoiled.Store(f.stream)
			p.done.Store(true)
		}
		mine := f.stream != 0 && f.stream == spoiled.Load()
		if !mine || !p.fault.before {
			if _, err := back.Write(raw); err != nil {
				return
			}
		}
		if !mine || f.kind == resetFrame || f.flags&endStream == 0 {
			continue
		}
		if !p.fault.before {
			<-worked
		}
		writing.Lock()
		for _, out := range p.fault.frames(f.stream) {
			_, _ = front.Write(out)
		}
		writing.Unlock()
		if p.fault.closes {
			return
		}
	}
}

// newHTTP2Shop returns a shop behind a proxy with a fault, and its customer.
func newHTTP2Shop(t *testing.T, f http2Fault, nth int64) (*faultServer, *http2Proxy, *user) {
	t.Helper()
	server := newFaultServer(t, sandbox.Published)
	back := httptest.NewUnstartedServer(server)
	back.EnableHTTP2 = true
	back.Config.ErrorLog = log.New(io.Discard, "", 0)
	back.StartTLS()
	t.Cleanup(back.Close)
	proxy := &http2Proxy{back: back, fault: f, nth: nth}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: back.TLS.Certificates, NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go proxy.serve(l)
	token, _ := server.shop.IssueToken()
	u := customer(t, "https://"+l.Addr().String(), server.shop.Account().MerchantAPIKey, token)
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: back.Certificate().Raw})
	u.env["SSL_CERT_FILE"] = u.file(t, "ca.pem", string(authority))
	return server, proxy, u
}

// Over HTTP/2, streams are reset and connections are closed in the middle of an import.
// Every row must be applied once and be reported as applied.
func TestHTTP2ServersThatCloseConnections(t *testing.T) {
	for _, f := range http2Faults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			server, proxy, u := newHTTP2Shop(t, f, 5)
			const rows = 12
			text := "productId,warehouseId,qty,action\n"
			products := make([]string, rows)
			for i := range rows {
				products[i] = fmt.Sprintf("prod_%02d", i)
				text += fmt.Sprintf("%s,LGS-01,%d,received\n", products[i], i+1)
			}
			server.opened(t, products...)
			server.meddle = func(_ http.ResponseWriter, r *http.Request, n int) bool {
				if n > 0 && r.ProtoMajor != 2 {
					t.Errorf("%s over %s", r.URL, r.Proto)
				}
				return false
			}
			p := u.start(t, "inventory", "import", u.file(t, "rows.csv", text), "--mode", "adjust", "--concurrency", "2", "-o", "json")
			_ = p.Wait() // the exit code is compared below
			var summary struct {
				Counts struct{ Applied, Confirmed int64 }
			}
			if err := json.Unmarshal(p.out.Bytes(), &summary); err != nil {
				t.Errorf("%v\n%s%s", err, p.out.String(), p.err.String())
			}
			if !proxy.done.Load() || p.ProcessState.ExitCode() != 0 || summary.Counts.Applied+summary.Counts.Confirmed != rows {
				t.Errorf("exit %d, want 0, spoiled %t\n%s%s", p.ProcessState.ExitCode(), proxy.done.Load(), p.out.String(), p.err.String())
			}
			now := server.stock(t)
			for i, product := range products {
				if got := now[product+"@wh_abc123"]; got != int64(i+1) {
					t.Errorf("%s has %d on hand, want %d", product, got, i+1)
				}
			}
		})
	}
}

// The same faults with each kind of write.
func TestHTTP2WritesOnClosedConnections(t *testing.T) {
	for _, w := range writers() {
		switch w.name {
		case "create", "adjust", "import, create", "import, set", "transfer, leaving", "count", "warehouse create":
		default:
			continue // the same path as one of these
		}
		for _, f := range http2Faults() {
			t.Run(w.name+", "+f.name, func(t *testing.T) {
				t.Parallel()
				server, proxy, u := newHTTP2Shop(t, f, 1)
				c := server.direct(t)
				for _, record := range w.needs {
					if _, err := c.CreateRecord(t.Context(), record); err != nil {
						t.Fatal(err)
					}
				}
				args := make([]string, len(w.args))
				file := u.file(t, "rows.csv", w.file)
				for i, arg := range w.args {
					args[i] = strings.ReplaceAll(arg, "FILE", file)
				}
				p := u.start(t, args...)
				_ = p.Wait() // the exit code is compared below
				now, err := w.read(t.Context(), c)
				code, applied := p.ProcessState.ExitCode(), now == w.after
				if err != nil || !proxy.done.Load() || now != w.after && now != w.before && (code != 9 || now != w.between) ||
					code == 0 && !applied || code != 0 && code != 9 && applied {
					t.Errorf("exit %d, spoiled %t, %s, %v\n%s%s", code, proxy.done.Load(), now, err, p.out.String(), p.err.String())
				}
			})
		}
	}
}

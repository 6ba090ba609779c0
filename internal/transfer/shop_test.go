package transfer_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/deadline"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/transfer"
)

// fault is what happens to one request.
type fault int

const (
	none       fault = iota
	cutBefore        // the connection breaks, nothing was done
	cutAfter         // it is done, and the connection breaks
	failBefore       // 500, nothing was done
	failAfter        // 500, though it was done
	page             // 502 with a web page, though it was done
	killBefore       // the process dies, nothing was done
	killAfter        // the process dies, though it is done
	refuse           // 400 with an unknown message
	unheardOf        // 500 that names the action
	late             // the connection breaks, and it is done while the tool waits
)

// killed is the panic value that simulates the death of the process.
type killed struct{}

// shop is a store with two records of one product, and a transport on which requests
// meet faults.
type shop struct {
	t      *testing.T
	server *sandbox.Server
	inner  http.RoundTripper
	meet   func(r *http.Request) fault
	tick   func() // called whenever the program reads the clock
	writes []string
	late   []func()
	now    time.Time
	waited time.Duration
	from   api.Record
	to     api.Record
}

type account struct{ server *sandbox.Server }

func (a account) MerchantKey(context.Context) (string, error) {
	return a.server.Account().MerchantAPIKey, nil
}

func (a account) Token(context.Context) (string, error) {
	token, _ := a.server.IssueToken()
	return token, nil
}

func (a account) Renew(context.Context, string) (string, error) {
	return "", errors.New("no password")
}

func openShop(t *testing.T, o sandbox.Options) *shop {
	t.Helper()
	deadline.Set(t)
	o.Path = ":memory:"
	s := &shop{t: t, now: time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)}
	o.Now = func() time.Time { return s.now }
	server, err := sandbox.Open(t.Context(), o)
	must(t, err)
	t.Cleanup(func() { must(t, server.Close()) })
	s.server, s.inner = server, server.Transport()
	s.calm()
	client := s.client()
	qty := int64(50)
	made, err := client.CreateRecord(t.Context(), api.CreateRecord{ProductID: "prod_abc123", WarehouseID: "wh_def456", InitialQty: &qty})
	must(t, err)
	s.to = made.Record
	s.from = api.Record{ID: "inv_xyz789", WarehouseID: "wh_abc123"}
	s.now = s.now.Add(time.Hour) // its records are older than the transfers
	return s
}

// calm ends all faults.
func (s *shop) calm() {
	s.meet = func(*http.Request) fault { return none }
	s.tick = func() {}
}

// onWrites applies the n-th fault to the n-th write.
func (s *shop) onWrites(faults ...fault) {
	n := 0
	s.meet = func(r *http.Request) fault {
		if r.Method == http.MethodGet || n >= len(faults) {
			return none
		}
		n++
		return faults[n-1]
	}
}

// RoundTrip sends a request to the store, with its fault.
func (s *shop) RoundTrip(r *http.Request) (*http.Response, error) {
	f := s.meet(r)
	if r.Method != http.MethodGet {
		body, err := io.ReadAll(r.Body)
		must(s.t, err)
		s.writes = append(s.writes, string(body))
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		if f == late {
			again := r.Clone(context.Background())
			again.Body = io.NopCloser(strings.NewReader(string(body)))
			s.late = append(s.late, func() { s.do(again) })
		}
	}
	switch f {
	case killBefore:
		panic(killed{})
	case cutBefore, late:
		return nil, errors.New("connection reset by peer")
	case failBefore:
		return answer(r, 500, `{"status":false,"message":"Internal server error"}`), nil
	case unheardOf:
		return answer(r, 500, `{"status":false,"message":"No enum constant TRANSFERRED_OUT"}`), nil
	case refuse:
		return answer(r, 400, `{"status":false,"message":"The moon is full"}`), nil
	}
	res, err := s.inner.RoundTrip(r)
	switch f {
	case killAfter:
		panic(killed{})
	case cutAfter:
		return nil, errors.New("unexpected EOF")
	case failAfter:
		return answer(r, 500, `{"status":false,"message":"Internal server error"}`), nil
	case page:
		return answer(r, 502, "<html><body>Bad gateway</body></html>"), nil
	}
	return res, err
}

func (s *shop) do(r *http.Request) {
	res, err := s.inner.RoundTrip(r)
	must(s.t, err)
	must(s.t, res.Body.Close())
}

func answer(r *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Status: fmt.Sprint(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r,
	}
}

func (s *shop) sleep(ctx context.Context, d time.Duration) error {
	s.now = s.now.Add(d)
	s.waited += d
	for _, arrive := range s.late {
		arrive()
	}
	s.late = nil
	return ctx.Err()
}

func (s *shop) clock() time.Time {
	s.tick()
	s.now = s.now.Add(time.Millisecond)
	return s.now
}

func (s *shop) client() *api.Client {
	client, err := api.New(api.Options{
		BaseURL: "https://shop.test", Transport: s, Auth: account{s.server}, Timeout: 5 * time.Second,
		Now: func() time.Time { return s.now }, Sleep: s.sleep,
	})
	must(s.t, err)
	return client
}

// env returns the environment of a machine with its state in a folder.
func (s *shop) env(dir string) transfer.Env {
	client := s.client()
	return transfer.Env{
		Client: client, Log: settle.NewLog(client), Store: transfer.Store{Dir: dir},
		Now: s.clock, Sleep: s.sleep, MaxWait: time.Minute, Profile: "test", BaseURL: "https://shop.test",
	}
}

func (s *shop) plan(qty int64) transfer.Plan {
	return transfer.Plan{
		ProductID: "prod_abc123", Qty: qty, Notes: "van 4",
		From: transfer.Side{RecordID: s.from.ID, Label: "LGS-01"}, To: transfer.Side{RecordID: s.to.ID, Label: "ABJ-01"},
	}
}

// stock reads both quantities, without faults.
func (s *shop) stock() (from, to int64) {
	s.t.Helper()
	meet := s.meet
	s.meet = func(*http.Request) fault { return none }
	defer func() { s.meet = meet }()
	list, err := s.client().RecordsOf(s.t.Context(), "prod_abc123", "")
	must(s.t, err)
	for _, r := range list {
		switch r.ID {
		case s.from.ID:
			from = *r.OnHandQty
		case s.to.ID:
			to = *r.OnHandQty
		}
	}
	return from, to
}

func (s *shop) expect(from, to int64) {
	s.t.Helper()
	if f, t := s.stock(); f != from || t != to {
		s.t.Errorf("the stock is %d and %d, want %d and %d", f, t, from, to)
	}
}

// mortal runs a process, and reports whether it was killed.
func mortal(work func()) (dead bool) {
	defer func() {
		switch p := recover(); p.(type) {
		case nil:
		case killed:
			dead = true
		default:
			panic(p)
		}
	}()
	work()
	return false
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func pick(random *rand.Rand, faults ...fault) fault { return faults[random.IntN(len(faults))] }

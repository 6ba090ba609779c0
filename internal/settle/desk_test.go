package settle_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/settle"
)

// desk is an API with responses written by the test, for cases that the sandbox never
// produces. Its clock is stopped and is an hour ahead of ours.
type desk struct {
	now     time.Time // on the server's clock
	write   func(http.ResponseWriter)
	records func() string                // the product's records, a JSON list
	log     func(sent string) [][]string // the pages of the log if sent is the last write
	client  *api.Client
	settler *settle.Settler
	naive   bool // times have no zone

	answer    func(respond) // handles reads of the log; nil: log is used
	readsFail int           // the status of reads of the product's records; 0: success
	logFails  int           // the same for the log

	mu    sync.Mutex
	asked []string // METHOD path body
	waits []time.Duration
}

func openDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{now: time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)}
	d.write = says(200, `{"status":true,"data":{"id":"inv_1","onHandQty":7,"reservedQty":0,"availableQty":7}}`)
	d.records = func() string { return "[]" }
	d.log = func(string) [][]string { return nil }
	web := httptest.NewServer(http.HandlerFunc(d.serve))
	t.Cleanup(web.Close)
	ours := func() time.Time { return d.now.Add(-time.Hour) }
	sleep := func(ctx context.Context, wait time.Duration) error {
		d.waits = append(d.waits, wait)
		return ctx.Err()
	}
	var err error
	d.client, err = api.New(api.Options{BaseURL: web.URL, Auth: clerk{}, Timeout: 5 * time.Second, Now: ours, Sleep: sleep})
	if err != nil {
		t.Fatal(err)
	}
	d.settler = settle.New(d.client).WithClock(ours, sleep)
	return d
}

// respond is where a response is written.
type respond = http.ResponseWriter

type clerk struct{}

func (clerk) MerchantKey(context.Context) (string, error) { return "pk_test_1", nil }
func (clerk) Token(context.Context) (string, error)       { return "token", nil }
func (clerk) Renew(context.Context, string) (string, error) {
	return "", failure.New(failure.Auth, "no password")
}

func (d *desk) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	d.mu.Lock()
	d.asked = append(d.asked, strings.TrimSpace(r.Method+" "+r.URL.Path+" "+string(body)))
	d.mu.Unlock()
	w.Header().Set("Date", d.now.Format(http.TimeFormat))
	switch {
	case r.Method != http.MethodGet:
		d.write(w)
	case strings.HasSuffix(r.URL.Path, "/logs") && d.answer != nil:
		d.answer(w)
	case strings.HasSuffix(r.URL.Path, "/logs") && d.logFails != 0:
		says(d.logFails, "")(w)
	case strings.HasSuffix(r.URL.Path, "/logs"):
		pages := d.log(d.lastWrite())
		n, err := strconv.Atoi(r.URL.Query().Get("page"))
		if err != nil || n >= len(pages) {
			says(200, "[]")(w)
			return
		}
		says(200, "["+strings.Join(pages[n], ",")+"]")(w)
	case d.readsFail != 0:
		says(d.readsFail, "")(w)
	default:
		says(200, d.records())(w)
	}
}

func says(status int, body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// lost sends no response, so the outcome is unknown.
func lost(http.ResponseWriter) { panic(http.ErrAbortHandler) }

// inTurn sends one response after the other and repeats the last.
func inTurn(list ...func(http.ResponseWriter)) func(http.ResponseWriter) {
	var n atomic.Int64
	return func(w http.ResponseWriter) {
		list[min(int(n.Add(1)), len(list))-1](w)
	}
}

func (d *desk) count(part string) (n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, line := range d.asked {
		if strings.Contains(line, part) {
			n++
		}
	}
	return n
}

func (d *desk) lastWrite() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := len(d.asked) - 1; i >= 0; i-- {
		if !strings.HasPrefix(d.asked[i], "GET") {
			return d.asked[i]
		}
	}
	return ""
}

// at formats a time as the server does.
func (d *desk) at(after time.Duration) string {
	layout := time.RFC3339Nano
	if d.naive {
		layout = "2006-01-02T15:04:05.999999999"
	}
	return d.now.Add(after).Format(layout)
}

// entry is an entry of the log; more contains further fields.
func entry(id, record string, qty int, at, more string) string {
	if more != "" {
		more = "," + more
	}
	return fmt.Sprintf(`{"id":%q,"inventoryId":%q,"productId":"p","action":"ADJUSTED","qtyChange":%d,"timestamp":%q%s}`, id, record, qty, at, more)
}

// noise returns n entries for other records, step apart.
func (d *desk) noise(name string, n int, from, step time.Duration) (out []string) {
	for i := range n {
		out = append(out, entry(fmt.Sprintf("%s_%d", name, i), "inv_other", -1, d.at(from+time.Duration(i)*step), ""))
	}
	return out
}

var carriedFields = regexp.MustCompile(`"(reference|notes)":"[^"]*"`)

// carried returns the reference and the notes of a movement that was sent.
func carried(sent string) string { return strings.Join(carriedFields.FindAllString(sent, -1), ",") }

// unknown checks for the kind outcome_unknown and a reason.
func unknown(t *testing.T, err error, why string) {
	t.Helper()
	if failure.KindOf(err) != failure.OutcomeUnknown || !strings.Contains(err.Error(), why) {
		t.Errorf("got %s: %v\nwant outcome_unknown: … %s", failure.KindOf(err), err, why)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

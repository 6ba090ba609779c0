package api_test

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/bayworks/stockctl/internal/api"
)

// FuzzQuantity checks that nothing is guessed: an accepted text has the digits of the
// number that is returned.
func FuzzQuantity(f *testing.F) {
	for _, s := range []string{"0", "-3", "+5", "1,000", "1e3", "1.5", "", " 5", "0x1", "99999999999", "٣", "1 000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := api.ParseQuantity(s)
		if err != nil {
			if n != 0 || err.Error() == "" {
				t.Errorf("%q: %d with %v", s, n, err)
			}
			return
		}
		if n < math.MinInt32 || n > math.MaxInt32 {
			t.Errorf("%q: %d is out of range", s, n)
		}
		digits := strings.TrimLeft(strings.TrimLeft(s, "+-"), "0")
		if want := strings.TrimPrefix(strconv.FormatInt(n, 10), "-"); digits != want && (digits != "" || n != 0) {
			t.Errorf("%q was read as %d", s, n)
		}
	})
}

// FuzzResponse responds to a write and a read with arbitrary data. It checks that nothing
// panics, that messages are safe for a terminal, that a successful write has an id, that
// a failed one is in doubt exactly when the rules say so, and that what was read survives
// being written and read again.
func FuzzResponse(f *testing.F) {
	for _, body := range []string{
		recordJSON, refusal(duplicateText), shape2, shape3, shape4, `[{"id":"i"}]`, `{"items":[{"id":"i"}],"total":1}`,
		`{"logs":{"logs":{"logs":[]}}}`, `<html><title>x</title>`, ``, `{"status":true,"data":{"id":"i","onHandQty":1e1}}`,
		`{"data":[null]}`, `{"status":200}`, `{"data":{"id":"i","createdAt":"2025-02-01T21:28"}}`, `{"status":false,"message":"\u202e\u0007"}`,
	} {
		for _, status := range []int{200, 201, 302, 400, 401, 404, 429, 500} {
			f.Add(status, []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 200 || status > 599 {
			return
		}
		response := roundTrip(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(body))), Request: r}, nil
		})
		c := newClient(t, "https://api.example", func(o *api.Options) { o.Transport, o.MaxWait = response, -1 })
		r, err := c.CreateRecord(t.Context(), aRecord())
		checkFuzzed(t, err, true)
		if err == nil {
			checkRecord(t, r.Record)
		}
		var quick api.Record
		if api.QuickRecord(body, &quick) {
			long, err := api.LongRecord(c, body)
			if diff := cmp.Diff(long, quick); err != nil || diff != "" {
				t.Errorf("decoding in one pass returns another record: %v %s", err, diff)
			}
		}
		records, err := c.RecordsOf(t.Context(), "p", "")
		checkFuzzed(t, err, false)
		for _, r := range records {
			checkRecordAgain(t, r)
		}
		n := 0
		for m, err := range c.Movements().All(t.Context()) {
			checkFuzzed(t, err, false)
			if n++; n > 1<<20 {
				t.Fatal("the list does not end")
			}
			if _, err := json.Marshal(m); err != nil {
				t.Error(err)
			}
		}
	})
}

func checkFuzzed(t *testing.T, err error, isWrite bool) {
	t.Helper()
	if err == nil {
		return
	}
	var e *api.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is not an *api.Error", err)
	}
	if strings.ContainsFunc(err.Error(), func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) || !utf8.ValidString(err.Error()) {
		t.Errorf("the error %q has control characters or is not UTF-8", err.Error())
	}
	if len(err.Error()) > 8000 {
		t.Errorf("%d bytes of message", len(err.Error()))
	}
	trusted := e.Status >= 300 && e.Status < 500 && e.Status != 408
	if !isWrite && e.InDoubt {
		t.Errorf("a read in doubt: %v", err)
	}
	if isWrite && e.Status >= 500 && !e.InDoubt {
		t.Errorf("a write that got %d is not in doubt: %v", e.Status, err)
	}
	if trusted && e.InDoubt && e.Status != 400 && e.Status != 404 && e.Status != 409 && e.Status != 422 {
		t.Errorf("a write that got %d is in doubt: %v", e.Status, err)
	}
}

func checkRecord(t *testing.T, r api.Record) {
	t.Helper()
	if r.ID == "" {
		t.Error("a created record without an id")
	}
	checkRecordAgain(t, r)
}

func checkRecordAgain(t *testing.T, r api.Record) {
	t.Helper()
	one, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var again api.Record
	if err := json.Unmarshal(one, &again); err != nil {
		t.Fatalf("%s: %v", one, err)
	}
	two, err := json.Marshal(again)
	if err != nil || string(one) != string(two) {
		t.Errorf("%v\n%s\n%s", err, one, two)
	}
}

package api_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// book serves pages of records.
type book struct {
	rows int
	size int    // the most rows per page; 0: what was asked for
	form string // %s the rows, %d the total
}

func ids(from, to int) string {
	var rows []string
	for i := from; i < to; i++ {
		rows = append(rows, fmt.Sprintf(`{"id":"inv_%d"}`, i))
	}
	return strings.Join(rows, ",")
}

func number(r *http.Request, name string) int {
	n, _ := strconv.Atoi(r.URL.Query().Get(name))
	return n
}

func (b *book) serve(w http.ResponseWriter, r *http.Request) {
	size := number(r, "limit")
	if b.size > 0 {
		size = min(size, b.size)
	}
	from := min(b.rows, number(r, "page")*size)
	rows := ids(from, min(b.rows, from+size))
	body := strings.ReplaceAll(strings.ReplaceAll(b.form, "%s", rows), "%d", strconv.Itoa(b.rows))
	says(200, body)(w, r)
}

// collect reads a list to its end.
func collect(ctx context.Context, l *api.List[api.Record]) (got []string, err error) {
	for r, e := range l.All(ctx) {
		if e != nil {
			return got, e
		}
		got = append(got, r.ID)
	}
	return got, nil
}

func TestListsInEveryForm(t *testing.T) {
	for form, stated := range map[string]bool{
		`{"status":true,"data":{"content":[%s],"page":0,"limit":50,"totalElements":%d}}`: true,
		`{"content":[%s],"page":0,"limit":50,"totalElements":%d}`:                        true,
		`{"status":true,"data":{"items":[%s],"currentPage":1,"total":%d}}`:               true,
		`{"items":[%s],"currentPage":1,"total":%d}`:                                      true,
		`{"status":true,"data":{"logs":[%s],"total":%d}}`:                                true,
		`{"status":true,"data":[%s],"total":%d}`:                                         true,
		`{"status":true,"data":[%s]}`:                                                    false,
		`{"status":true,"data":{"items":[%s],"total":null}}`:                             false,
		`[%s]`: false,
	} {
		for _, rows := range []int{0, 1, 49, 50, 51, 120} {
			for _, size := range []int{0, 7} {
				s := openShop(t, (&book{rows: rows, size: size, form: form}).serve)
				l := s.client(t).Records()
				got, err := collect(t.Context(), l)
				if err != nil || len(got) != rows {
					t.Fatalf("%s, %d rows, %d a page: %d, %v", form, rows, size, len(got), err)
				}
				total, ok := l.Total()
				same(t, "stated", ok, stated)
				if stated {
					same(t, "total", total, rows)
				}
				per := 50
				if size > 0 {
					per = size
				}
				asks := max(1, (rows+per-1)/per)
				if rows > 0 && (!stated || rows%50 == 0 && size == 0) { // a full page may be followed by another
					asks++
				}
				same(t, form+" requests", len(s.requests()), asks)
			}
		}
	}
	s := openShop(t, (&book{rows: 5, form: `[%s]`}).serve)
	if _, err := collect(t.Context(), s.client(t).Records().PageSize(3).PageSize(0).PageSize(2)); err != nil {
		t.Fatal(err)
	}
	same(t, "requests", s.lines(), "GET /v1/inventory?limit=2&page=0\nGET /v1/inventory?limit=2&page=1\nGET /v1/inventory?limit=2&page=2\nGET /v1/inventory?limit=2&page=3")
}

// What is wrong with a list names its call's status and is not the user's mistake.
func TestListsThatAreRefused(t *testing.T) {
	const twice = `{"content":[{"id":"inv_0","onHandQty":5},{"id":"inv_0","onHandQty":4}],"totalElements":1}`
	for want, body := range map[string]string{
		"the API's response states 9 rows in all, but its pages contain 1 (200)":                                      `{"content":[{"id":"inv_0"}],"totalElements":9}`,
		"the API's response shows inv_0 twice, with different contents, even when it is read again (200)":             twice,
		"page 0: the API's response contains no list (200)":                                                           `{"status":true,"data":{}}`,
		"page 0: the API's response has \"many\" instead of a whole number in entry 1, onHandQty (200)":               `[{"id":"inv_0","onHandQty":"many"}]`,
		"the API's response repeats its pages and does not state how many rows there are, so there may be more (200)": "[" + ids(0, 50) + "]",
	} {
		_, err := collect(t.Context(), openShop(t, says(200, body)).client(t).Records())
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %q", err, want)
			continue
		}
		same(t, "call", fault(t, err).Op, "GET /v1/inventory")
		isKind(t, err, failure.Unexpected)
		same(t, "short", errors.Is(err, api.ErrShort), strings.Contains(want, "states") || strings.Contains(want, "repeats"))
	}
	s := openShop(t, answers(says(200, `{"content":[`+ids(0, 2)+`],"totalElements":4}`), says(403, refusal("no"))))
	got, err := collect(t.Context(), s.client(t).Records())
	isKind(t, err, failure.Permission)
	same(t, "rows before the refusal", len(got), 2)
}

func TestListsCanBeStoppedAndReadAgain(t *testing.T) {
	s := openShop(t, (&book{rows: 120, form: `{"content":[%s],"totalElements":%d}`}).serve)
	l := s.client(t).Records()
	for r, err := range l.All(t.Context()) {
		if err != nil || r.ID != "inv_0" {
			t.Error(r.ID, err)
		}
		break
	}
	same(t, "requests", len(s.requests()), 1)
	got, err := collect(t.Context(), l)
	if err != nil || len(got) != 120 {
		t.Error(len(got), err)
	}
}

func TestCallersCanStopAnEndlessList(t *testing.T) {
	s := openShop(t, func(w http.ResponseWriter, r *http.Request) {
		says(200, "["+ids(number(r, "page")*50, number(r, "page")*50+50)+"]")(w, r)
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	var last error
	for _, err := range s.client(t).Records().All(ctx) {
		if n++; n == 500 {
			cancel()
		}
		last = err
	}
	isKind(t, last, failure.Interrupted)
	same(t, "rows and the error", n, 501)
}

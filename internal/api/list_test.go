package api_test

import (
	"context"
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

// script returns the pages in order, and then repeats the last one.
func script(pages ...string) http.HandlerFunc {
	var list []http.HandlerFunc
	for _, p := range pages {
		list = append(list, says(200, p))
	}
	return answers(list...)
}

func content(total int, rows string) string {
	return fmt.Sprintf(`{"content":[%s],"totalElements":%d}`, rows, total)
}

// limited ignores the page number: it always returns the first rows, at most the given
// number.
func limited(rows, most int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		says(200, "["+ids(0, min(rows, most, number(r, "limit")))+"]")(w, r)
	}
}

// clamped returns the last page for every page after it.
func clamped(rows int, more string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		size := number(r, "limit")
		from := min(number(r, "page"), (rows-1)/size) * size
		says(200, `{"content":[`+ids(from, min(rows, from+size))+"]"+more+"}")(w, r)
	}
}

// clampedRows returns the page that is asked for, and the last one for every page after it.
func clampedRows(pages ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		says(200, pages[min(number(r, "page"), len(pages)-1)])(w, r)
	}
}

// qty is a record with a quantity.
func qty(id, onHand int) string { return fmt.Sprintf(`{"id":"inv_%d","onHandQty":%d}`, id, onHand) }

const twoWays = "the API's answer shows %s twice, with different contents, also when it is read again (200)"

const repeats = "the API's answer repeats its pages and does not state how many rows there are, so there may be more (200)"

func TestListsThatChange(t *testing.T) {
	for name, tc := range map[string]struct {
		pages http.HandlerFunc
		rows  int
		asks  int
		err   string
	}{
		// A row was added in front while page 0 was read: row 1 is returned twice,
		// and only the second sweep finds the new row.
		"a row is added":             {script(content(4, ids(0, 2)), content(5, ids(1, 3)), content(5, ids(3, 4)), content(5, ""), content(5, ids(100, 101)+","+ids(0, 1))), 5, 5, ""},
		"found in the third sweep":   {script(content(4, ids(0, 2)), content(4, ""), content(4, ids(2, 3)), content(4, ""), content(4, ids(3, 4))), 4, 5, ""},
		"the total shrinks":          {script(content(4, ids(0, 2)), content(3, ids(2, 3))), 3, 2, ""},
		"the total grows":            {script(content(2, ids(0, 1)), content(3, ids(1, 2)), content(3, ids(2, 3))), 3, 3, ""},
		"twice in one page":          {script(`[{"id":"a"},{"id":"a"},{"id":"b"}]`, `[]`), 2, 2, ""},
		"page is ignored":            {script(content(120, ids(0, 50))), 50, 9, "the API's answer states 120 rows in all, but its pages contain 50 (200)"},
		"page is ignored, no total":  {script(`[` + ids(0, 50) + `]`), 50, 5, repeats},
		"page is ignored, partial":   {limited(70, 20), 20, 5, repeats},
		"page is ignored, complete":  {script(`[` + ids(0, 20) + `]`), 20, 5, ""},
		"the last page repeats":      {clamped(120, ""), 120, 7, ""},
		"a full last page repeats":   {clamped(100, ""), 100, 6, ""},
		"a total of one page":        {clamped(120, `,"totalElements":50`), 120, 4, ""},
		"a total of a page and more": {clamped(120, `,"totalElements":60`), 120, 4, ""},
		"a total of each page":       {script(content(50, ids(0, 50)), content(50, ids(50, 100)), content(20, ids(100, 120)), content(0, "")), 120, 4, ""},
		"no list at all":             {script(content(4, ids(0, 2)), `{"status":true,"data":null}`), 2, 2, "page 1: the API's answer contains nothing (200)"},
		"rows move on by a page":     {script(`[`+ids(0, 2)+`]`, `[`+ids(0, 2)+`]`, `[`+ids(2, 3)+`]`, `[]`), 3, 4, ""},
		"pages counted from one":     {script(content(4, ids(0, 2)), content(4, ids(0, 2)), content(4, ids(2, 4))), 4, 3, ""},
		"a total that is too large":  {script(content(9, ids(0, 2)), content(9, "")), 2, 3, "the API's answer states 9 rows in all, but its pages contain 2 (200)"},
		"an empty page says 0":       {script(content(9, ids(0, 2)), content(0, "")), 2, 3, "the API's answer states 9 rows in all, but its pages contain 2 (200)"},
		"a total below its own page": {script(content(1, ids(0, 2)), content(1, ids(2, 3)), content(1, "")), 3, 0, ""},
		"a negative total":           {script(`{"content":[`+ids(0, 2)+`],"totalElements":-1}`, `{"content":[],"totalElements":-1}`), 2, 2, ""},
		"an absurd total":            {script(`{"content":[`+ids(0, 2)+`],"totalElements":9223372036854775807}`, `{"content":[],"total":1e15}`), 2, 2, ""},
		"two pages alternate":        {turns(content(1000, ids(0, 2)), content(1000, ids(2, 4))), 4, 11, "the API's answer states 1000 rows in all, but its pages contain 4 (200)"},
		"a second page that fails":   {answers(says(200, content(4, ids(0, 2))), says(403, refusal("no"))), 2, 2, `permission is missing: the API says "no" (403)`},
		"a second page without list": {script(content(4, ids(0, 2)), `{"status":true,"data":{}}`), 2, 2, "page 1: the API's answer contains no list (200)"},
		// The server shows inv_1 with 5 and with 4: one of the two is wrong.
		"a row in two ways":           {clampedRows(content(2, qty(0, 9)), content(2, qty(0, 7)+","+qty(1, 5)), content(2, "")), 2, 0, fmt.Sprintf(twoWays, "inv_0")},
		"a row in two ways, no total": {clampedRows("["+qty(0, 9)+","+qty(1, 5)+"]", "["+qty(1, 4)+"]", "[]"), 2, 6, fmt.Sprintf(twoWays, "inv_1")},
		"a row in two ways on a page": {clampedRows(content(2, qty(0, 9)+","+qty(1, 5)+","+qty(1, 4))), 2, 0, fmt.Sprintf(twoWays, "inv_1")},
		// It was sold and moved to the end of the list while that was read.
		"a row that changes": {script(`[`+qty(0, 9)+`,`+qty(1, 5)+`]`, `[`+qty(2, 8)+`,`+qty(0, 8)+`]`, `[]`, `[`+qty(1, 5)+`,`+qty(2, 8)+`]`, `[`+qty(0, 8)+`]`, `[]`), 3, 6, ""},
		"rows without ids":   {script(`[{"productId":"p","warehouseId":"a"},{"productId":"p","warehouseId":"b"}]`), 2, 5, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := openShop(t, tc.pages)
			got, err := collect(t.Context(), s.client(t).Records())
			same(t, "rows", len(got), tc.rows)
			text := ""
			if err != nil {
				text = err.Error()
			}
			same(t, "error", text, tc.err)
			if tc.asks > 0 {
				same(t, "requests", len(s.requests()), tc.asks)
			}
			if strings.Contains(tc.err, "(200)") {
				isKind(t, err, failure.Unexpected)
			}
		})
	}
}

// turns repeats its pages forever.
func turns(pages ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { says(200, pages[number(r, "page")%len(pages)])(w, r) }
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

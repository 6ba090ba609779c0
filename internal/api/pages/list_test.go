package pages_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api/pages"
)

// pageFunc returns the page of a number.
type pageFunc = func(number, size int) string

func ids(from, to int) string {
	var rows []string
	for i := from; i < to; i++ {
		rows = append(rows, fmt.Sprintf(`{"id":"inv_%d"}`, i))
	}
	return strings.Join(rows, ",")
}

// script returns the pages in order, and then repeats the last one.
func script(pages ...string) pageFunc {
	return func(int, int) string {
		next := pages[0]
		if len(pages) > 1 {
			pages = pages[1:]
		}
		return next
	}
}

func content(total int, rows string) string {
	return fmt.Sprintf(`{"content":[%s],"totalElements":%d}`, rows, total)
}

// limited ignores the page number: it always returns the first rows, at most the given
// number.
func limited(rows, most int) pageFunc {
	return func(_, size int) string { return "[" + ids(0, min(rows, most, size)) + "]" }
}

// clamped returns the last page for every page after it.
func clamped(rows int, more string) pageFunc {
	return func(number, size int) string {
		from := min(number, (rows-1)/size) * size
		return `{"content":[` + ids(from, min(rows, from+size)) + "]" + more + "}"
	}
}

// clampedRows returns the page that is asked for, and the last one for every page after it.
func clampedRows(pages ...string) pageFunc {
	return func(number, _ int) string { return pages[min(number, len(pages)-1)] }
}

// turns repeats its pages forever.
func turns(pages ...string) pageFunc {
	return func(number, _ int) string { return pages[number%len(pages)] }
}

// qty is a record with a quantity.
func qty(id, onHand int) string { return fmt.Sprintf(`{"id":"inv_%d","qty":%d}`, id, onHand) }

const twoWays = "the API's response shows %s twice, with different contents, even when it is read again"

const repeats = "the API's response repeats its pages and does not state how many rows there are, so there may be more"

func TestListsThatChange(t *testing.T) {
	for name, tc := range map[string]struct {
		pages pageFunc
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
		"page is ignored":            {script(content(120, ids(0, 50))), 50, 9, "the API's response states 120 rows in all, but its pages contain 50"},
		"page is ignored, no total":  {script(`[` + ids(0, 50) + `]`), 50, 5, repeats},
		"page is ignored, partial":   {limited(70, 20), 20, 5, repeats},
		"page is ignored, complete":  {script(`[` + ids(0, 20) + `]`), 20, 5, ""},
		"the last page repeats":      {clamped(120, ""), 120, 7, ""},
		"a full last page repeats":   {clamped(100, ""), 100, 6, ""},
		"a total of one page":        {clamped(120, `,"totalElements":50`), 120, 4, ""},
		"a total of a page and more": {clamped(120, `,"totalElements":60`), 120, 4, ""},
		"a total of each page":       {script(content(50, ids(0, 50)), content(50, ids(50, 100)), content(20, ids(100, 120)), content(0, "")), 120, 4, ""},
		"no list at all":             {script(content(4, ids(0, 2)), `null`), 2, 2, "page 1: the API's response contains nothing"},
		"rows move on by a page":     {script(`[`+ids(0, 2)+`]`, `[`+ids(0, 2)+`]`, `[`+ids(2, 3)+`]`, `[]`), 3, 4, ""},
		"pages counted from one":     {script(content(4, ids(0, 2)), content(4, ids(0, 2)), content(4, ids(2, 4))), 4, 3, ""},
		"a total that is too large":  {script(content(9, ids(0, 2)), content(9, "")), 2, 3, "the API's response states 9 rows in all, but its pages contain 2"},
		"an empty page says 0":       {script(content(9, ids(0, 2)), content(0, "")), 2, 3, "the API's response states 9 rows in all, but its pages contain 2"},
		"a total below its own page": {script(content(1, ids(0, 2)), content(1, ids(2, 3)), content(1, "")), 3, 0, ""},
		"a negative total":           {script(`{"content":[`+ids(0, 2)+`],"totalElements":-1}`, `{"content":[],"totalElements":-1}`), 2, 2, ""},
		"an absurd total":            {script(`{"content":[`+ids(0, 2)+`],"totalElements":9223372036854775807}`, `{"content":[],"total":1e15}`), 2, 2, ""},
		"two pages alternate":        {turns(content(1000, ids(0, 2)), content(1000, ids(2, 4))), 4, 11, "the API's response states 1000 rows in all, but its pages contain 4"},
		"a second page without list": {script(content(4, ids(0, 2)), `{}`), 2, 2, "page 1: the API's response contains no list"},
		// The server shows inv_1 with 5 and with 4: one of the two is wrong.
		"a row in two ways":           {clampedRows(content(2, qty(0, 9)), content(2, qty(0, 7)+","+qty(1, 5)), content(2, "")), 2, 0, fmt.Sprintf(twoWays, "inv_0")},
		"a row in two ways, no total": {clampedRows("["+qty(0, 9)+","+qty(1, 5)+"]", "["+qty(1, 4)+"]", "[]"), 2, 6, fmt.Sprintf(twoWays, "inv_1")},
		"a row in two ways on a page": {clampedRows(content(2, qty(0, 9)+","+qty(1, 5)+","+qty(1, 4))), 2, 0, fmt.Sprintf(twoWays, "inv_1")},
		// It was sold and moved to the end of the list while that was read.
		"a row that changes": {script(`[`+qty(0, 9)+`,`+qty(1, 5)+`]`, `[`+qty(2, 8)+`,`+qty(0, 8)+`]`, `[]`, `[`+qty(1, 5)+`,`+qty(2, 8)+`]`, `[`+qty(0, 8)+`]`, `[]`), 3, 6, ""},
		"rows without ids":   {script(`[{"productId":"p","warehouseId":"a"},{"productId":"p","warehouseId":"b"}]`), 2, 5, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := &server{page: tc.pages}
			got := 0
			var err error
			for _, err = range s.list(t).All(t.Context()) {
				if err != nil {
					break
				}
				got++
			}
			same(t, "rows", got, tc.rows)
			text := ""
			if err != nil {
				text = err.Error()
			}
			same(t, "error", text, tc.err)
			if tc.asks > 0 {
				same(t, "requests", s.asked, tc.asks)
			}
			// What pages contradict is a fault of the list, and not of one page.
			var contradiction fault
			same(t, "fault", errors.As(err, &contradiction), tc.err != "" && !strings.HasPrefix(tc.err, "page "))
			same(t, "short", errors.Is(err, pages.ErrShort), strings.Contains(tc.err, "states") || tc.err == repeats)
		})
	}
}

// A log of movements may grow as fast as it is read, at its beginning or at its end.
func TestAListThatGrows(t *testing.T) {
	const rows, perPage = 400, 10
	for name, newestFirst := range map[string]bool{"newest first": true, "oldest first": false} {
		t.Run(name, func(t *testing.T) {
			total := rows
			s := &server{page: func(number, size int) string {
				total += perPage
				from, to := min(number*size, total), min((number+1)*size, total)
				if newestFirst {
					from, to = total-to, total-from
				}
				return content(total, ids(from, to))
			}}
			got := map[string]bool{}
			for r, err := range s.list(t).All(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				got[r.ID] = true
			}
			for i := range rows {
				if id := fmt.Sprintf("inv_%d", i); !got[id] {
					t.Errorf("%s is missing", id)
				}
			}
			if s.asked > 3*rows/50 {
				t.Errorf("%d requests, want at most 24", s.asked)
			}
		})
	}
}

// A total that grows does not hide that rows are missing.
func TestAListThatGrowsAndIsShort(t *testing.T) {
	total := 400
	s := &server{page: func(number, size int) string {
		total += 10
		if number == 3 {
			return content(total, ids(number*size, number*size+size/2))
		}
		return content(total, ids(number*size, min((number+1)*size, total)))
	}}
	var err error
	for _, err = range s.list(t).All(t.Context()) {
		if err != nil {
			break
		}
	}
	if !errors.Is(err, pages.ErrShort) {
		t.Errorf("error is %v, want %v", err, pages.ErrShort)
	}
}

// A list without pages is complete, and each row is about what was asked for.
func TestWhole(t *testing.T) {
	for text, want := range map[string]string{
		`[{"id":"a"},{"id":"b"},{"id":"a"}]`: "a b",
		`{"items":[{"id":"a"}],"total":1}`:   "a",
		`[]`:                                 "",
		`{"items":[{"id":"a"}],"total":2}`:   "the API's response states 2 rows but contains 1",
		`[{"id":"a"},{}]`:                    "the API's response contains no id in entry 2",
		`[{"id":"a","qty":1},{"id":"b"},{"id":"a","qty":2}]`: "the API's response shows a twice, with different contents",
		`[{"id":"a"},{"id":"other"}]`:                        "not asked for",
	} {
		p, err := pages.Decode([]byte(text), nil, row.id)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := p.Whole(func(r row) error {
			if r.ID == "other" {
				return errors.New("not asked for")
			}
			return nil
		})
		var ids []string
		for _, r := range rows {
			ids = append(ids, r.ID)
		}
		got := strings.Join(ids, " ")
		if err != nil {
			got = err.Error()
		}
		same(t, text, got, want)
	}
}

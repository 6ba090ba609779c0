package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
)

// logbook is a log that grows at one end, in one of the dialects.
type logbook struct {
	count       int
	newestFirst bool
	size        int // the most rows per page
	form        string
	ignorePages bool
	fail        func(page int) bool
	during      func(page int) // called before a page is made
}

func (l *logbook) serve(w http.ResponseWriter, r *http.Request) {
	page := number(r, "page")
	if l.during != nil {
		l.during(page)
	}
	if l.fail != nil && l.fail(page) {
		says(403, `{"status":false,"message":"no"}`)(w, r)
		return
	}
	var rows []string
	for i := range l.count {
		// Two movements share each time, so the time alone does not show the order.
		at := time.Date(2026, 1, 1, 0, 0, i/2, 0, time.UTC).Format(time.RFC3339)
		rows = append(rows, fmt.Sprintf(`{"id":"log_%d","action":"SOLD","qty":-1,"createdAt":%q}`, i, at))
	}
	if l.newestFirst {
		slices.Reverse(rows)
	}
	if !l.ignorePages {
		from := min(len(rows), page*l.size)
		rows = rows[from:min(len(rows), from+l.size)]
	}
	says(200, strings.ReplaceAll(strings.ReplaceAll(l.form, "%s", strings.Join(rows, ",")), "%d", fmt.Sprint(l.count)))(w, r)
}

// Each movement is returned once, oldest first, whatever the order of the log, the
// dialect and the page size.
func TestFollowMovements(t *testing.T) {
	for _, form := range []string{
		`{"status":true,"data":{"content":[%s],"page":0,"limit":50,"totalElements":%d}}`,
		`{"status":true,"data":{"logs":[%s]}}`,
		`{"items":[%s],"total":%d}`,
		`[%s]`,
	} {
		for _, newestFirst := range []bool{true, false} {
			for _, size := range []int{3, 4, 50} {
				l := &logbook{count: 8, newestFirst: newestFirst, size: size, form: form, ignorePages: form == `[%s]`}
				name := fmt.Sprintf("%s newest first %t, pages of %d", form, newestFirst, size)
				follow := openShop(t, l.serve).client(t).FollowMovements()
				var got []string
				for _, grow := range []int{0, 0, 1, 2, 9, 0, 4} {
					l.count += grow
					batch, err := follow.Poll(t.Context(), func(api.Movement) bool { return true })
					if err != nil {
						t.Fatal(name, err)
					}
					for _, m := range batch {
						got = append(got, m.ID)
					}
				}
				var want []string
				for i := range l.count {
					want = append(want, fmt.Sprintf("log_%d", i))
				}
				same(t, name, strings.Join(got, " "), strings.Join(want, " "))
			}
		}
	}
}

// Pages shift during the reading, and a poll that fails halfway loses nothing.
func TestFollowThroughShiftsAndFailures(t *testing.T) {
	for _, form := range []string{`{"content":[%s],"totalElements":%d}`, `{"logs":[%s]}`} {
		for _, newestFirst := range []bool{true, false} {
			l := &logbook{count: 4, newestFirst: newestFirst, size: 3, form: form}
			follow := openShop(t, l.serve).client(t).FollowMovements()
			var got []string
			poll := func() error {
				batch, err := follow.Poll(t.Context(), func(m api.Movement) bool { return m.ID != "log_5" })
				for _, m := range batch {
					got = append(got, m.ID)
				}
				return err
			}
			if err := poll(); err != nil {
				t.Fatal(err)
			}
			l.count = 12
			l.fail = func(page int) bool { return page == 2 }
			if err := poll(); err == nil {
				t.Error("a poll that failed halfway returned no error")
			}
			l.fail = nil
			l.during = func(page int) {
				if page == 1 {
					l.count++
				}
			}
			if err := poll(); err != nil {
				t.Fatal(err)
			}
			l.during = nil
			if err := poll(); err != nil {
				t.Fatal(err)
			}
			slices.Sort(got)
			var want []string
			for i := range l.count {
				if i != 5 {
					want = append(want, fmt.Sprintf("log_%d", i))
				}
			}
			slices.Sort(want)
			same(t, fmt.Sprint(form, newestFirst), strings.Join(got, " "), strings.Join(want, " "))
		}
	}
}

// If a total is stated, a poll that finds nothing new makes one request.
func TestFollowIsCheap(t *testing.T) {
	l := &logbook{count: 200, size: 50, form: `{"content":[%s],"totalElements":%d}`}
	s := openShop(t, l.serve)
	follow := s.client(t).FollowMovements()
	for range 3 {
		if _, err := follow.Poll(t.Context(), func(api.Movement) bool { return true }); err != nil {
			t.Fatal(err)
		}
	}
	// The first poll reads the four pages and checks that there is no fifth.
	same(t, "requests", len(s.requests()), 5+1+1)
}

// Movements that arrive during a poll move the others to later pages. A page with only
// movements from this poll does not mean that all later ones are known.
func TestFollowWhileThePagesMove(t *testing.T) {
	book := &logbook{count: 30, newestFirst: true, size: 3, form: `[%s]`}
	s := openShop(t, book.serve)
	f := s.client(t).FollowMovements()
	all := func(api.Movement) bool { return true }
	if _, err := f.Poll(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	book.count += 12
	book.during = func(page int) {
		if page == 1 {
			book.count += 3
			book.during = nil
		}
	}
	var got []string
	for range 2 {
		list, err := f.Poll(t.Context(), all)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range list {
			got = append(got, m.ID)
		}
	}
	var want []string
	for i := 30; i < book.count; i++ {
		want = append(want, fmt.Sprint("log_", i))
	}
	same(t, "movements", strings.Join(got, " "), strings.Join(want, " "))
}

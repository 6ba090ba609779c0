package pages_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api/pages"
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

func follow(t *testing.T, s *server) *pages.Following[row] {
	t.Helper()
	return pages.Follow(s.list(t), row.id, row.at)
}

// refused is a page that the API refuses.
const refused = "refused"

var errRefused = errors.New("refused")

func (l *logbook) page(page, _ int) string {
	if l.during != nil {
		l.during(page)
	}
	if l.fail != nil && l.fail(page) {
		return refused
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
	return strings.ReplaceAll(strings.ReplaceAll(l.form, "%s", strings.Join(rows, ",")), "%d", fmt.Sprint(l.count))
}

// Each movement is returned once, oldest first, whatever the order of the log, the
// dialect and the page size.
func TestFollowMovements(t *testing.T) {
	for _, form := range []string{
		`{"content":[%s],"page":0,"limit":50,"totalElements":%d}`,
		`{"logs":[%s]}`,
		`{"items":[%s],"total":%d}`,
		`[%s]`,
	} {
		for _, newestFirst := range []bool{true, false} {
			for _, size := range []int{3, 4, 50} {
				l := &logbook{count: 8, newestFirst: newestFirst, size: size, form: form, ignorePages: form == `[%s]`}
				name := fmt.Sprintf("%s newest first %t, pages of %d", form, newestFirst, size)
				log := follow(t, &server{page: l.page})
				var got []string
				for _, grow := range []int{0, 0, 1, 2, 9, 0, 4} {
					l.count += grow
					batch, err := log.Poll(t.Context(), func(row) bool { return true })
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
			log := follow(t, &server{page: l.page})
			var got []string
			poll := func() error {
				batch, err := log.Poll(t.Context(), func(m row) bool { return m.ID != "log_5" })
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
	s := &server{page: l.page}
	log := follow(t, s)
	for range 3 {
		if _, err := log.Poll(t.Context(), func(row) bool { return true }); err != nil {
			t.Fatal(err)
		}
	}
	// The first poll reads the four pages and checks that there is no fifth.
	same(t, "requests", s.asked, 5+1+1)
}

// Movements that arrive during a poll move the others to later pages. A page with only
// movements from this poll does not mean that all later ones are known.
func TestFollowWhileThePagesMove(t *testing.T) {
	book := &logbook{count: 30, newestFirst: true, size: 3, form: `[%s]`}
	f := follow(t, &server{page: book.page})
	all := func(row) bool { return true }
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

// A movement of a known id with other contents is never taken for the known one: the log
// is read again, and if it shows them again, the poll fails. Another spelling of the same
// is no change.
func TestFollowAMovementThatChanges(t *testing.T) {
	const first, other = `{"id":"log_1","qty":-1}`, `{"id":"log_1","qty":-2}`
	for name, tc := range map[string]struct {
		log  []string // of each request
		want string   // of the second poll
	}{
		"it stays":            {[]string{first}, "log_2 "},
		"in another spelling": {[]string{`{ "qty": -1.0, "note": null, "id": "log_1" }`}, "log_2 "},
		"once":                {[]string{other, first}, "log_2 "},
		"for good":            {[]string{other}, "the API's response shows log_1 twice, with different contents, even when it is read again"},
		"a new one":           {[]string{first + `,{"id":"log_2","qty":-3}`}, "the API's response shows log_2 twice, with different contents, even when it is read again"},
	} {
		for form, rows := range map[string]string{"newest first": `{"id":"log_2"},%s`, "oldest first": `%s,{"id":"log_2"}`} {
			log, begun := tc.log, false
			f := follow(t, &server{page: func(number, _ int) string {
				switch {
				case number > 0:
					return `[]`
				case !begun:
					return "[" + first + "]"
				}
				shown := log[0]
				if len(log) > 1 {
					log = log[1:]
				}
				return "[" + fmt.Sprintf(rows, shown) + "]"
			}})
			all := func(row) bool { return true }
			if _, err := f.Poll(t.Context(), all); err != nil {
				t.Fatal(err)
			}
			begun = true
			list, err := f.Poll(t.Context(), all)
			got := ""
			for _, m := range list {
				got += m.ID + " "
			}
			if err != nil {
				got = err.Error()
			}
			same(t, name+", "+form, got, tc.want)
		}
	}
}

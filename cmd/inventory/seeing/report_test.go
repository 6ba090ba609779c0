package seeing

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
)

// pageOf writes the report of a store and returns the page.
func (s *madeStore) pageOf(t testing.TB, since string) (page, notes string) {
	t.Helper()
	a, _, stderr := s.app(t, app.OutputFlags{}, "json")
	file := filepath.Join(t.TempDir(), "stock.html")
	if err := runReport(t.Context(), &reportOptions{app: a, file: file, since: since, coverDays: 14, windowDays: 28}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), stderr.String()
}

// tableOf reads the rows of a table of the page, cell by cell.
func tableOf(t testing.TB, page, id string) (rows []string) {
	t.Helper()
	_, rest, found := strings.Cut(page, `<table id="`+id+`"`)
	if !found {
		return nil
	}
	body, _, _ := strings.Cut(rest, "</table>")
	for _, row := range regexp.MustCompile(`(?s)<tr>(.*?)</tr>`).FindAllStringSubmatch(body, -1) {
		var cells []string
		for _, cell := range regexp.MustCompile(`(?s)<td[^>]*>(.*?)</td>`).FindAllStringSubmatch(row[1], -1) {
			cells = append(cells, html.UnescapeString(strings.NewReplacer("<bdi>", "", "</bdi>", "", ",", "").Replace(cell[1])))
		}
		if len(cells) > 0 {
			rows = append(rows, strings.Join(cells, " "))
		}
	}
	return rows
}

// Every figure of the page is that of the generated store.
func TestReportIsExact(t *testing.T) {
	inUTC(t)
	for name, set := range variants() {
		t.Run(name, func(t *testing.T) {
			s := makeStore(t, 8, 60, 2000)
			set(s)
			s.open(t)
			page, notes := s.pageOf(t, "30d")
			if strings.Contains(notes, "more than it returns") != (name == "capped") {
				t.Error(notes)
			}
			s.checkStock(t, page)
			s.checkActions(t, page)
			s.checkMovers(t, page)
			low := 0
			for _, r := range s.things {
				if s.wants(r, 28, 14).Order > 0 {
					low++
				}
			}
			if rows := tableOf(t, page, "low"); len(rows) != low || low < 10 {
				t.Errorf("%d records are listed, want %d", len(rows), low)
			}
		})
	}
}

// since is midnight before 30 days ago.
func since() time.Time { return time.Date(2026, 10, 29, 0, 0, 0, 0, time.UTC) }

func (s *madeStore) checkStock(t testing.TB, page string) {
	t.Helper()
	var want []string
	for w := 1; w <= 3; w++ {
		var records, onHand, reserved, low, out, sold, damaged, adjusted int64
		for _, r := range s.things {
			if r.warehouse != fmt.Sprintf("wh_%d", w) {
				continue
			}
			records++
			onHand, reserved = onHand+r.onHand, reserved+r.reserved
			if r.level != nil && r.available() <= *r.level {
				low++
			}
			if r.available() <= 0 {
				out++
			}
			one := s.lossOf(r)
			sold, damaged, adjusted = sold+one.sold, damaged+one.damaged, adjusted+one.adjusted
		}
		want = append(want, fmt.Sprintf("W-%d %d %d %d %d %d %d %d %d %d", w, records, onHand, reserved, onHand-reserved, low, out, sold, damaged, adjusted))
	}
	if got := tableOf(t, page, "stock"); !slices.Equal(got, want) {
		t.Errorf("stock by warehouse\n got %v\nwant %v", got, want)
	}
}

type losses struct{ sold, damaged, adjusted int64 }

func (s *madeStore) lossOf(r *thing) (l losses) {
	for _, i := range r.events {
		e := s.events[i]
		switch {
		case e.at.Before(since()):
		case e.action == "SOLD":
			l.sold -= e.qty
		case e.action == "DAMAGED":
			l.damaged -= e.qty
		case e.action == "ADJUSTED" && e.qty < 0:
			l.adjusted -= e.qty
		}
	}
	return l
}

func (s *madeStore) checkActions(t testing.TB, page string) {
	t.Helper()
	var want []string
	for _, action := range []string{"RECEIVED", "RETURNED", "SOLD", "DAMAGED", "ADJUSTED", "RELEASED", "RESERVED"} {
		var count, in, out int64
		for _, e := range s.events {
			if e.action != action || e.at.Before(since()) {
				continue
			}
			count++
			switch {
			case action == "RELEASED" || action == "RESERVED":
			case e.qty > 0:
				in += e.qty
			default:
				out -= e.qty
			}
		}
		want = append(want, fmt.Sprintf("%s %d %d %d", action, count, in, out))
	}
	if got := tableOf(t, page, "actions"); !slices.Equal(got, want) {
		t.Errorf("movements\n got %v\nwant %v", got, want)
	}
}

func (s *madeStore) checkMovers(t testing.TB, page string) {
	t.Helper()
	var top, lost []string
	for _, r := range s.things {
		l := s.lossOf(r)
		if l.sold > 0 {
			top = append(top, fmt.Sprintf("%s %d %d", s.called(r), l.sold, r.onHand))
		}
		if l.damaged+l.adjusted > 0 {
			lost = append(lost, fmt.Sprintf("%s %d %d %d", s.called(r), l.damaged, l.adjusted, l.damaged+l.adjusted))
		}
	}
	for id, want := range map[string][]string{"top": top, "shrinkage": lost} {
		got := tableOf(t, page, id)
		if id == "top" && len(want) > 50 { // only the first are shown
			for _, row := range got {
				if !slices.Contains(want, row) {
					t.Errorf("%s: %s is wrong", id, row)
				}
			}
			continue
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s\n got %v\nwant %v", id, got, want)
		}
	}
}

// A page of 20,000 records stays small.
func TestReportIsSmall(t *testing.T) {
	inUTC(t)
	s := makeStore(t, 9, 20_000, 21_000)
	level := int64(500)
	for _, r := range s.things {
		r.level = &level
		r.product = strings.Repeat("a long name ", 6) + r.product
	}
	s.open(t)
	page, _ := s.pageOf(t, "90d")
	if len(page) > 2_000_000 || len(page) < 100_000 || !strings.Contains(page, "<p>The first 1,000 of 20,000 are shown.") {
		t.Errorf("the page has %d bytes", len(page))
	}
}

func TestReportOverwritesNothing(t *testing.T) {
	s := makeStore(t, 8, 3, 10)
	s.open(t)
	a, _, _ := s.app(t, app.OutputFlags{}, "json")
	file := filepath.Join(t.TempDir(), "stock.html")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := runReport(t.Context(), &reportOptions{app: a, file: file, since: "30d", coverDays: 14, windowDays: 28})
	if want := "the file " + file + " already exists and is not overwritten"; err == nil || err.Error() != want || failure.KindOf(err) != failure.Usage {
		t.Errorf("%v, want %s", err, want)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "mine" {
		t.Errorf("got %s and the error %v, want %q", text, err, "mine")
	}
}

package movements_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/movements"
)

// shop is an API with a known log.
type shop struct {
	*httptest.Server
	log      []movements.Movement // in the order returned
	dialect  string
	noTotal  bool
	cap      int // entries beyond it count in the total but are not returned; 0: no limit
	refuse   int // this page and later ones are refused; 0: none
	perPage  int // maximum rows per page; 0: as requested
	tenant   string
	requests atomic.Int64
}

func open(t testing.TB, log []movements.Movement) *shop {
	s := &shop{log: log, tenant: "t_1"}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests.Add(1)
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	if s.perPage > 0 {
		limit = min(limit, s.perPage)
	}
	if s.refuse > 0 && page >= s.refuse {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"status":false,"message":"Result window is too large."}`)
		return
	}
	all := s.log
	if s.cap > 0 {
		all = all[:min(s.cap, len(all))]
	}
	rows := []map[string]any{}
	for _, m := range all[min(page*limit, len(all)):min((page+1)*limit, len(all))] {
		rows = append(rows, s.wire(m))
	}
	body := map[string]any{"content": rows, "page": page, "limit": limit, "totalElements": len(s.log)}
	if s.dialect == "dashboard" {
		body = map[string]any{"logs": rows, "currentPage": page + 1, "total": len(s.log)}
	}
	if s.noTotal {
		delete(body, "total")
		delete(body, "totalElements")
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(map[string]any{"status": true, "data": body}); err != nil {
		panic(err)
	}
}

func (s *shop) wire(m movements.Movement) map[string]any {
	row := map[string]any{"id": m.ID, "inventoryId": m.RecordID, "productId": m.ProductID, "tenantId": s.tenant, "action": m.Action, "notes": "a remark that is not needed"}
	quantity, at := "qtyChange", "timestamp"
	layout := time.RFC3339Nano
	if s.dialect == "dashboard" {
		quantity, at, layout = "qty", "createdAt", "2006-01-02T15:04:05.999999999"
	}
	row[quantity] = m.Qty
	if m.Dated {
		row[at] = m.At.Format(layout)
	}
	return row
}

// options returns options with a separate folder for copies.
func (s *shop) options(t testing.TB) movements.Options {
	client, err := api.New(api.Options{BaseURL: s.URL, MaxWait: -1})
	if err != nil {
		t.Fatal(err)
	}
	return movements.Options{Client: client, Dir: filepath.Join(t.TempDir(), "cache"), Server: s.URL, Account: "who"}
}

func read(t testing.TB, o movements.Options) (*movements.Log, []movements.Movement) {
	t.Helper()
	log, err := movements.Read(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	})
	var all []movements.Movement
	if err := log.Each(func(m movements.Movement) { all = append(all, m) }); err != nil {
		t.Fatal(err)
	}
	if len(all) != log.Count {
		t.Errorf("the log counts %d entries and contains %d", log.Count, len(all))
	}
	return log, all
}

func start() time.Time { return time.Date(2026, 8, 1, 9, 0, 0, 0, time.UTC) }

// made returns a log of n entries, newest first.
func made(n int) []movements.Movement {
	log := make([]movements.Movement, n)
	for i := range log {
		log[n-1-i] = movements.Movement{
			ID: fmt.Sprintf("log_%06d", i), RecordID: fmt.Sprintf("inv_%d", i%7), ProductID: fmt.Sprintf("prod_%d", i%3),
			Action: []string{"RECEIVED", "SOLD", "RESERVED"}[i%3], Qty: int64(i%11 - 5), At: start().Add(time.Duration(i) * time.Minute), Dated: true,
		}
	}
	return log
}

func byID(log []movements.Movement) []movements.Movement {
	log = slices.Clone(log)
	slices.SortFunc(log, func(a, b movements.Movement) int { return cmp1(a.ID, b.ID) })
	return log
}

func cmp1(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func sameLog(t *testing.T, got, want []movements.Movement) {
	t.Helper()
	if diff := cmp.Diff(byID(want), byID(got)); diff != "" {
		t.Errorf("the log differs (-want +got):\n%.2000s", diff)
	}
}

// shuffled returns the log in random order.
func shuffled(log []movements.Movement) []movements.Movement {
	log = slices.Clone(log)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(log), func(i, j int) { log[i], log[j] = log[j], log[i] })
	return log
}

func reversed(log []movements.Movement) []movements.Movement {
	log = slices.Clone(log)
	slices.Reverse(log)
	return log
}

// For any dialect, order and page size, each entry is read once. After the log has
// grown, a second reading that uses the copy must give the same.
func TestEveryEntryOnce(t *testing.T) {
	whole := made(1234)
	for name, test := range map[string]struct {
		arrange  func([]movements.Movement) []movements.Movement
		set      func(*shop)
		requests int64 // of the second reading; 0: not checked
	}{
		"newest first":           {set: func(*shop) {}, requests: 1},
		"oldest first":           {arrange: reversed, set: func(*shop) {}},
		"in no order":            {arrange: shuffled, set: func(*shop) {}},
		"dashboard":              {set: func(s *shop) { s.dialect = "dashboard" }, requests: 1},
		"dashboard, no order":    {arrange: shuffled, set: func(s *shop) { s.dialect = "dashboard" }},
		"short pages":            {set: func(s *shop) { s.perPage = 30 }, requests: 2},
		"no total":               {set: func(s *shop) { s.noTotal = true }, requests: 3},
		"no total, oldest first": {arrange: reversed, set: func(s *shop) { s.noTotal = true }},
	} {
		t.Run(name, func(t *testing.T) {
			arrange := test.arrange
			if arrange == nil {
				arrange = func(log []movements.Movement) []movements.Movement { return log }
			}
			s := open(t, arrange(whole[40:]))
			test.set(s)
			o := s.options(t)
			first, got := read(t, o)
			sameLog(t, got, whole[40:])
			if !first.Complete || !first.From.Equal(start()) || first.Fresh != len(got) {
				t.Errorf("first reading: got %+v, want all %d entries from %s on", first, len(got), start())
			}
			s.log = arrange(whole)
			s.requests.Store(0)
			second, got := read(t, o)
			sameLog(t, got, whole)
			if second.Fresh != 40 || !second.Complete || second.NewestFirst != first.NewestFirst {
				t.Errorf("second reading: got %+v, want 40 new entries", second)
			}
			if n := s.requests.Load(); test.requests > 0 && n != test.requests {
				t.Errorf("the second reading took %d requests, want %d", n, test.requests)
			}
			third, got := read(t, o)
			sameLog(t, got, whole)
			if third.Fresh != 0 {
				t.Errorf("third reading: got %+v, want no new entries", third)
			}
		})
	}
}

// If the API returns only part of the log, the Log says since when it is complete.
func TestPartOfALog(t *testing.T) {
	whole := made(1000)
	for name, test := range map[string]struct {
		log     []movements.Movement
		set     func(*shop)
		want    []movements.Movement
		from    time.Time
		never   bool
		missing int
	}{
		"capped": {
			log: whole, set: func(s *shop) { s.cap = 400 }, want: whole[:400], from: whole[399].At, missing: 600,
		},
		"older pages refused": {
			log: whole, set: func(s *shop) { s.refuse = 5 }, want: whole[:500], from: whole[499].At, missing: 500,
		},
		"capped, oldest first": {
			log: reversed(whole), set: func(s *shop) { s.cap = 400 }, want: whole[600:], never: true, missing: 600,
		},
		"capped, in no order": {
			log: shuffled(whole), set: func(s *shop) { s.cap = 400 }, want: shuffled(whole)[:400], never: true, missing: 600,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, test.log)
			test.set(s)
			log, got := read(t, s.options(t))
			sameLog(t, got, test.want)
			if log.Complete || log.Never() != test.never || !test.never && !log.From.Equal(test.from) || log.Missing != test.missing {
				t.Errorf("got %+v, want an incomplete log as in %+v", log, test)
			}
		})
	}
}

// The copy keeps entries that the API has dropped, as long as there is no gap.
func TestForgottenEntries(t *testing.T) {
	whole := made(1000)
	s := open(t, whole[200:])
	o := s.options(t)
	read(t, o)
	for _, log := range [][]movements.Movement{whole[100:900], whole[50:700], whole[:700], whole[:650]} {
		s.log = log
		now, got := read(t, o)
		want := whole[slices.IndexFunc(whole, func(m movements.Movement) bool { return m.ID == log[0].ID }):]
		sameLog(t, got, want)
		if !now.From.Equal(start()) || !now.Complete {
			t.Errorf("got %+v, want a complete log from %s on", now, start())
		}
	}
	// A gap: no entry of the copy is in the log any more.
	s.log = made(3000)[:500]
	now, got := read(t, o)
	sameLog(t, got, s.log)
	if !now.From.Equal(s.log[499].At) {
		t.Errorf("got %+v, want a log that begins at the oldest entry after the gap", now)
	}
}

// After a test server was reset, entries in the copy beyond the common seed must be
// dropped.
func TestServerReset(t *testing.T) {
	s := open(t, made(500))
	o := s.options(t)
	read(t, o)
	seed := made(500)[490:]
	fresh := made(30)[:20]
	for i := range fresh {
		fresh[i].ID += "_anew"
	}
	s.log = slices.Concat(fresh, seed)
	_, got := read(t, o)
	sameLog(t, got, s.log)
}

// A copy with other contents than the API shows is not used, for the entries that were
// not read again either.
func TestEntriesThatChanged(t *testing.T) {
	for name, change := range map[string]func(*movements.Movement){
		"quantity": func(m *movements.Movement) { m.Qty++ },
		"record":   func(m *movements.Movement) { m.RecordID = "inv_other" },
		"time":     func(m *movements.Movement) { m.At = m.At.Add(time.Second) },
	} {
		for _, noTotal := range []bool{false, true} {
			s := open(t, made(1000))
			s.noTotal = noTotal
			o := s.options(t)
			read(t, o)
			// The newest and the oldest of those that the copy has.
			s.log = append(made(1001)[:1], s.log...)
			change(&s.log[1])
			change(&s.log[1000])
			log, all := read(t, o)
			if diff := cmp.Diff(byID(s.log), byID(all)); diff != "" || !log.Complete {
				t.Errorf("%s, without total %t: complete %t\n%s", name, noTotal, log.Complete, diff)
			}
			// What the API no longer returns is taken from a copy of the same log only.
			s.log[1].Qty += 2
			s.log = s.log[:900]
			if _, all = read(t, o); cmp.Diff(byID(s.log), byID(all)) != "" {
				t.Errorf("%s, without total %t: %d entries, want %d", name, noTotal, len(all), len(s.log))
			}
			// The new copy is used again.
			s.requests.Store(0)
			if read(t, o); s.requests.Load() > 5 {
				t.Errorf("%s, without total %t: %d requests for a log without new entries", name, noTotal, s.requests.Load())
			}
		}
	}
}

// Copies are private, separate for each server and tenant, and ignored if damaged.
func TestCopies(t *testing.T) {
	s := open(t, made(300))
	o := s.options(t)
	read(t, o)
	files, err := filepath.Glob(filepath.Join(o.Dir, "*"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, spoiled := range [][]byte{nil, text[:len(text)/2], append(slices.Clone(text[:100]), text[101:]...), append(slices.Clone(text), 'x')} {
		if err := os.WriteFile(files[0], spoiled, 0o600); err != nil {
			t.Fatal(err)
		}
		log, got := read(t, o)
		sameLog(t, got, s.log)
		if log.Fresh != 300 {
			t.Errorf("a damaged copy was used: %+v", log)
		}
	}
	s.tenant = "t_2"
	if log, _ := read(t, o); log.Fresh != 300 {
		t.Errorf("the copy of another tenant was used: %+v", log)
	}
	left, now := filepath.Join(o.Dir, ".reading-1.movements"), filepath.Join(o.Dir, ".reading-2.movements")
	for _, name := range []string{left, now} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if old := time.Now().AddDate(0, 0, -2); os.Chtimes(left, old, old) != nil {
		t.Fatal("cannot change the time of the file")
	}
	for i := range 12 {
		s.tenant = fmt.Sprintf("t_%d", 10+i)
		read(t, o)
	}
	if files, err = filepath.Glob(filepath.Join(o.Dir, "*")); err != nil || len(files) != 9 || !slices.Contains(files, now) || slices.Contains(files, left) {
		t.Errorf("there are %v, want 8 copies and a reading in progress", files)
	}
}

// Without a writable folder for copies the log is still read, and no file remains.
func TestWithoutCopies(t *testing.T) {
	s := open(t, made(300))
	t.Setenv("TMPDIR", t.TempDir())
	o := s.options(t)
	blocked := filepath.Join(t.TempDir(), "a file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"", filepath.Join(blocked, "cache")} {
		o.Dir = dir
		log, err := movements.Read(t.Context(), o)
		if err != nil || log.Count != 300 {
			t.Fatal(log, err)
		}
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	}
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) != 0 {
		t.Error(left, err)
	}
}

// Entries without an id or a time are counted once each.
func TestOddEntries(t *testing.T) {
	log := made(250)
	log[3].ID, log[4].ID = "", ""
	log[9].At, log[9].Dated = time.Time{}, false
	s := open(t, log)
	o := s.options(t)
	for range 2 {
		got, all := read(t, o)
		sameLog(t, all, log)
		if got.Undated != 1 || got.Fresh != 250 {
			t.Errorf("got %+v, want 250 new entries, one of them without a time", got)
		}
	}
}

func TestNoEntries(t *testing.T) {
	log, got := read(t, open(t, nil).options(t))
	if len(got) != 0 || !log.Complete || !log.From.IsZero() {
		t.Errorf("got %+v, want a complete log without a beginning", log)
	}
}

// A page that fails is an error and leaves the copy unchanged.
func TestFailedPage(t *testing.T) {
	s := open(t, made(300))
	o := s.options(t)
	read(t, o)
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	if _, err := movements.Read(t.Context(), o); err == nil {
		t.Fatal("no error")
	}
	s.Config.Handler = s
	if log, _ := read(t, o); log.Fresh != 0 {
		t.Errorf("got %+v, want no new entries", log)
	}
	if files, err := filepath.Glob(filepath.Join(o.Dir, ".*")); err != nil || len(files) != 0 {
		t.Error(files, err)
	}
}

func TestStock(t *testing.T) {
	for action, want := range map[string][2]int64{"SOLD": {-4, 0}, "RESERVED": {0, 4}, "RELEASED": {0, -4}} {
		onHand, reserved := movements.Movement{Action: action, Qty: -4}.Stock()
		other, same := movements.Movement{Action: action, Qty: 4}.Stock()
		if onHand != want[0] || reserved != want[1] || same != want[1] || action == "SOLD" && other != 4 {
			t.Errorf("%s: %d, %d", action, onHand, reserved)
		}
	}
}

// BenchmarkRead reads 200,000 entries, without a copy and then with one.
func BenchmarkRead(b *testing.B) {
	s := open(b, made(200_000))
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			log, err := movements.Read(b.Context(), s.options(b))
			if err != nil || log.Count != len(s.log) {
				b.Fatal(err)
			}
			log.Close()
		}
	})
	b.Run("again", func(b *testing.B) {
		o := s.options(b)
		read(b, o)
		for b.Loop() {
			log, err := movements.Read(b.Context(), o)
			if err != nil || log.Count != len(s.log) {
				b.Fatal(err)
			}
			log.Close()
		}
	})
}

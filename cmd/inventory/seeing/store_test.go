package seeing

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/iostreams"
)

// today is the time at which the tests examine the store.
func today() time.Time { return time.Date(2026, 11, 28, 18, 30, 0, 0, time.UTC) }

// event is a movement of the made store, with the truth after it.
type event struct {
	id, record, product, action string

	qty, onHand, reserved int64
	at                    time.Time
}

// thing is a record of the made store.
type thing struct {
	id, product, sku, warehouse string

	onHand, reserved int64
	level, restock   *int64
	created, last    time.Time
	events           []int
}

func (r *thing) available() int64 { return r.onHand - r.reserved }

// madeStore is a store whose whole history is known, and an API to it.
type madeStore struct {
	*httptest.Server
	things []*thing
	events []event // the oldest first

	dashboard bool
	names     map[string]string    // of products by id; without any, the API gives no products
	codes     map[[2]string]string // by product and SKU
	lists     atomic.Int64         // how many pages of products were asked for
	forbidden bool                 // the account may not read products
	// arrange puts the log in the order in which the API has it; nil: newest first.
	arrange func([]event)
	// forgets is the moment before which the API has no movements; capped is how
	// many it hands out, while it states them all.
	forgets time.Time
	capped  int
}

// makeStore makes up a store's life of 100 days.
func makeStore(t testing.TB, seed uint64, records, movements int) *madeStore {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 99))
	s := &madeStore{names: map[string]string{}, codes: map[[2]string]string{}}
	begin := today().AddDate(0, 0, -100)
	for i := range records {
		r := &thing{id: fmt.Sprintf("inv_%05d", i), product: fmt.Sprintf("prod_%05d", i/3), warehouse: fmt.Sprintf("wh_%d", i%3+1), created: begin}
		if i%5 == 0 {
			r.sku = fmt.Sprintf("sku_%05d", i/3)
		}
		if i%2 == 0 {
			level, restock := random.Int64N(30), random.Int64N(80)
			r.level, r.restock = &level, &restock
		}
		if i%9 == 0 {
			r.created = today().AddDate(0, 0, -int(random.Int64N(40))-1)
		}
		s.things = append(s.things, r)
	}
	slices.SortStableFunc(s.things, func(a, b *thing) int { return a.created.Compare(b.created) })
	for _, r := range s.things {
		s.happen(r, "RECEIVED", random.Int64N(200)+1, r.created)
	}
	for range max(0, movements-records) {
		r := s.things[random.IntN(len(s.things))]
		at := r.created.Add(time.Duration(random.Int64N(int64(today().Sub(r.created)))))
		s.events = append(s.events, event{record: r.id, at: at})
	}
	s.play(random)
	return s
}

func (s *madeStore) happen(r *thing, action string, qty int64, at time.Time) {
	s.events = append(s.events, event{record: r.id, product: r.product, action: action, qty: qty, at: at})
}

// play gives every moment its movement, in order of time.
func (s *madeStore) play(random *rand.Rand) {
	slices.SortStableFunc(s.events, func(a, b event) int { return a.at.Compare(b.at) })
	byID := map[string]*thing{}
	for _, r := range s.things {
		byID[r.id] = r
	}
	for i := range s.events {
		e := &s.events[i]
		r := byID[e.record]
		e.id, e.product = fmt.Sprintf("log_%06d", i), r.product
		if e.action == "" {
			choose(random, r, e)
		}
		switch e.action {
		case "RESERVED":
			r.reserved -= e.qty
		case "RELEASED":
			r.reserved -= e.qty
		default:
			r.onHand += e.qty
			r.last = e.at
		}
		e.onHand, e.reserved = r.onHand, r.reserved
		r.events = append(r.events, i)
	}
}

// choose makes up a movement that the record allows. A reservation is logged as
// minus, and a release as plus, as the sandbox does.
func choose(random *rand.Rand, r *thing, e *event) {
	some := func(most int64) int64 { return random.Int64N(min(most, 9)) + 1 }
	pick := random.IntN(12)
	switch {
	case pick == 0 && r.available() > 0:
		e.action, e.qty = "RESERVED", -some(r.available())
	case pick == 1 && r.reserved > 0:
		e.action, e.qty = "RELEASED", some(r.reserved)
	case pick == 2 && r.available() > 0:
		e.action, e.qty = "DAMAGED", -some(r.available())
	case pick == 3 && r.available() > 0:
		e.action, e.qty = "ADJUSTED", -some(r.available())
	case pick == 4:
		e.action, e.qty = "RETURNED", some(9)
	case pick > 4 && r.available() > 0:
		e.action, e.qty = "SOLD", -some(r.available())
	default:
		e.action, e.qty = "RECEIVED", random.Int64N(60)+1
	}
	if e.action == "RELEASED" { // the sign of a release is plus
		e.qty = min(e.qty, r.reserved)
	}
}

// log is what the API has of the log, in its order, and how many it states.
func (s *madeStore) log() (rows []event, stated int) {
	for _, e := range s.events {
		if !e.at.Before(s.forgets) {
			rows = append(rows, e)
		}
	}
	slices.Reverse(rows)
	if s.arrange != nil {
		s.arrange(rows)
	}
	stated = len(rows)
	if s.capped > 0 {
		rows = rows[:min(len(rows), s.capped)]
	}
	return rows, stated
}

func (s *madeStore) open(t testing.TB) {
	rows, stated := s.log()
	mux := http.NewServeMux()
	answer := func(pattern string, data func(*http.Request) any) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			if err := json.NewEncoder(w).Encode(map[string]any{"status": true, "data": data(r)}); err != nil {
				panic(err)
			}
		})
	}
	answer("GET /v1/warehouses", func(*http.Request) any {
		var out []any
		for i, name := range []string{"Lagos Main", "Abuja", "Kano"} {
			out = append(out, map[string]any{"id": fmt.Sprintf("wh_%d", i+1), "code": fmt.Sprintf("W-%d", i+1), "name": name})
		}
		return out
	})
	answer("GET /v1/inventory", func(r *http.Request) any {
		return s.page(r, len(s.things), len(s.things), "items", func(i int) any { return s.record(s.things[i]) })
	})
	answer("GET /v1/inventory/logs", func(r *http.Request) any {
		return s.page(r, len(rows), stated, "logs", func(i int) any { return s.movement(rows[i]) })
	})
	stock := func(r *http.Request) any {
		out := []any{}
		for _, one := range s.things {
			if one.product == r.PathValue("product") && (r.PathValue("sku") == "" || r.PathValue("sku") == one.sku) {
				out = append(out, s.record(one))
			}
		}
		return out
	}
	answer("GET /v1/inventory/product/{product}", stock)
	answer("GET /v1/inventory/product/{product}/sku/{sku}", stock)
	answer("GET /v1/inventory/low-stock", func(*http.Request) any {
		out := []any{}
		for _, one := range s.things {
			if one.level != nil && one.available() <= *one.level {
				out = append(out, s.record(one))
			}
		}
		return out
	})
	s.openProducts(mux)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
}

// name gives every product a name, and what it holds a code.
func (s *madeStore) name() {
	s.names, s.codes = map[string]string{}, map[[2]string]string{}
	for _, r := range s.things {
		s.names[r.product] = "Thing " + strings.TrimPrefix(r.product, "prod_")
		s.codes[[2]string{r.product, r.sku}] = strings.ToUpper("C-" + r.product + r.sku)
	}
}

// called is what people call a record: its product and SKU, and the warehouse.
func (s *madeStore) called(r *thing) string {
	if name, named := s.names[r.product]; named {
		return name + " " + s.codes[[2]string{r.product, r.sku}] + " W-" + r.warehouse[3:]
	}
	return r.product + " " + r.sku + " W-" + r.warehouse[3:]
}

// openProducts answers the product list.
func (s *madeStore) openProducts(mux *http.ServeMux) {
	var list []any
	for _, product := range slices.Sorted(maps.Keys(s.names)) {
		one := map[string]any{"id": product, "name": s.names[product], "productType": "SIMPLE", "sku": s.codes[[2]string{product}]}
		var skus []any
		for key, code := range s.codes {
			if key[0] == product && key[1] != "" {
				skus = append(skus, map[string]any{"id": key[1], "sku": code})
			}
		}
		if skus != nil {
			one["variantGroups"] = []any{map[string]any{"attributeName": "Size", "attributeValue": "L", "skus": skus}}
		}
		list = append(list, one)
	}
	mux.HandleFunc("GET /v2/products", func(w http.ResponseWriter, r *http.Request) {
		s.lists.Add(1)
		w.Header().Set("Content-Type", "application/json")
		out := map[string]any{"status": true}
		switch {
		case s.forbidden:
			w.WriteHeader(http.StatusForbidden)
			out = map[string]any{"status": false, "message": "Access denied"}
		case len(s.names) == 0:
			w.WriteHeader(http.StatusNotFound)
		case r.URL.Query().Get("archived") == "true":
			out["data"] = map[string]any{"content": []any{}, "totalElements": 0}
		default:
			out["data"] = s.page(r, len(list), len(list), "items", func(i int) any { return list[i] })
		}
		if err := json.NewEncoder(w).Encode(out); err != nil {
			panic(err)
		}
	})
}

func (s *madeStore) page(r *http.Request, count, stated int, key string, row func(int) any) any {
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	out := []any{}
	for i := page * limit; i < min(count, (page+1)*limit); i++ {
		out = append(out, row(i))
	}
	if s.dashboard {
		return map[string]any{key: out, "currentPage": page + 1, "total": stated}
	}
	return map[string]any{"content": out, "page": page, "limit": limit, "totalElements": stated}
}

func (s *madeStore) stamp(t time.Time) string {
	if s.dashboard {
		return t.Format("2006-01-02T15:04:05.999999999")
	}
	return t.Format(time.RFC3339Nano)
}

func (s *madeStore) record(r *thing) map[string]any {
	out := map[string]any{
		"id": r.id, "productId": r.product, "skuId": nil, "warehouseId": r.warehouse, "onHandQty": r.onHand, "reservedQty": r.reserved,
		"availableQty": r.available(), "reorderLevel": r.level, "reorderQty": r.restock, "createdAt": s.stamp(r.created),
	}
	if r.sku != "" {
		out["skuId"] = r.sku
	}
	if !r.last.IsZero() {
		out["lastStockAdjusted"] = s.stamp(r.last)
	}
	return out
}

func (s *madeStore) movement(e event) map[string]any {
	out := map[string]any{"id": e.id, "inventoryId": e.record, "productId": e.product, "tenantId": "t_made", "action": e.action, "reference": "SO-1", "adjustedBy": "somebody"}
	if s.dashboard {
		out["qty"], out["createdAt"] = e.qty, s.stamp(e.at)
	} else {
		out["qtyChange"], out["timestamp"] = e.qty, s.stamp(e.at)
	}
	return out
}

// app is an app on the store, whose answer is read as JSON.
func (s *madeStore) app(t testing.TB, o app.OutputFlags, format string) (a *app.App, stdout, stderr *bytes.Buffer) {
	t.Helper()
	return s.appIn(t, t.TempDir(), o, format)
}

// appIn is app with what it keeps in a folder that another may have used before.
func (s *madeStore) appIn(t testing.TB, dir string, o app.OutputFlags, format string) (a *app.App, stdout, stderr *bytes.Buffer) {
	t.Helper()
	streams, _, stdout, stderr := iostreams.Test()
	a = app.New(streams, app.Build{Version: "test"})
	env := map[string]string{
		"HOME": dir, "XDG_CACHE_HOME": filepath.Join(dir, "cache"), "STOCKCTL_BASE_URL": s.URL,
		"STOCKCTL_MERCHANT_API_KEY": "pk_test_made", "STOCKCTL_TOKEN": "token", "STOCKCTL_OUTPUT": format, "NO_COLOR": "1",
	}
	a.LookupEnv = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	a.Flags = pflag.NewFlagSet("", pflag.ContinueOnError)
	a.Output = o
	a.Now = today
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a, stdout, stderr
}

func readJSON[T any](t testing.TB, b *bytes.Buffer) T {
	t.Helper()
	var out T
	if err := json.Unmarshal(b.Bytes(), &out); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	return out
}

// variants are the APIs that one and the same store may have.
func variants() map[string]func(*madeStore) {
	mix := func(rows []event) {
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	}
	return map[string]func(*madeStore){
		"published":               func(*madeStore) {},
		"dashboard":               func(s *madeStore) { s.dashboard = true },
		"oldest first":            func(s *madeStore) { s.arrange = slices.Reverse[[]event] },
		"out of order":            func(s *madeStore) { s.arrange = mix },
		"dashboard, out of order": func(s *madeStore) { s.dashboard, s.arrange = true, mix },
		"old pages missing":       func(s *madeStore) { s.forgets = today().AddDate(0, 0, -50) },
		"capped":                  func(s *madeStore) { s.capped = len(s.events) * 2 / 3 },
	}
}

// inUTC makes days the same wherever the test runs.
func inUTC(t testing.TB) {
	before := time.Local
	time.Local = time.UTC
	t.Cleanup(func() { time.Local = before })
}

// complete is the moment since when the API's log holds everything.
func (s *madeStore) complete() time.Time {
	rows, _ := s.log()
	oldest := rows[0].at
	for _, e := range rows {
		if e.at.Before(oldest) {
			oldest = e.at
		}
	}
	return oldest
}

// coverRow is a row of --cover as a reader of the JSON has it.
type coverRow struct {
	ID, WarehouseCode string
	Sold, Order       int64
	DaysOfCover       *float64
	RunsOutOn         *string
}

// wants is the true outlook of a record, worked out from its events.
func (s *madeStore) wants(r *thing, window, cover int) coverRow {
	begin := today().AddDate(0, 0, -window)
	var want coverRow
	for _, i := range r.events {
		if e := s.events[i]; e.action == "SOLD" && !e.at.Before(begin) {
			want.Sold -= e.qty
		}
	}
	days := float64(window)
	if r.created.After(begin) {
		days = today().Sub(r.created).Hours() / 24
	}
	need := int64(0)
	if want.Sold > 0 {
		need = want.Sold * int64(cover)
		whole := need / int64(days)
		if float64(whole)*days < float64(need) {
			whole++
		}
		for float64(whole-1)*days >= float64(need) {
			whole--
		}
		need = max(0, whole-r.available())
		lasts := float64(int64(float64(max(0, r.available()))*days/float64(want.Sold)*10)) / 10
		want.DaysOfCover = &lasts
		out := today().Add(time.Duration(float64(max(0, r.available())) * days / float64(want.Sold) * 24 * float64(time.Hour))).Format(time.DateOnly)
		want.RunsOutOn = &out
	}
	if r.level != nil && r.available() <= *r.level {
		need = max(need, *r.level+1-r.available())
	}
	if want.Order = need; need > 0 && r.restock != nil {
		want.Order = max(need, *r.restock)
	}
	return want
}

// Every figure of --cover is that of the generated store.
func TestCoverIsExact(t *testing.T) {
	inUTC(t)
	for name, set := range variants() {
		t.Run(name, func(t *testing.T) {
			s := makeStore(t, 5, 150, 3000)
			set(s)
			s.open(t)
			a, stdout, stderr := s.app(t, app.OutputFlags{}, "json")
			if err := runLowStock(t.Context(), &lowStockOptions{app: a, coverDays: 14, windowDays: 28}); err != nil {
				t.Fatal(err)
			}
			if warned := strings.Contains(stderr.String(), "warning: the API counts 1,000 movements more"); warned != (name == "capped") {
				t.Errorf("got %s, want a warning only if the log is capped", stderr)
			}
			got := map[string]coverRow{}
			last := -1.0
			for _, row := range readJSON[[]coverRow](t, stdout) {
				got[row.ID] = row
				if row.DaysOfCover != nil {
					if *row.DaysOfCover < last {
						t.Errorf("%s is not in its place", row.ID)
					}
					last = *row.DaysOfCover
				}
			}
			s.compare(t, got)
		})
	}
}

func (s *madeStore) compare(t testing.TB, got map[string]coverRow) {
	t.Helper()
	listed := 0
	for _, r := range s.things {
		want := s.wants(r, 28, 14)
		row, there := got[r.id]
		if there != (want.Order > 0) {
			t.Errorf("%s is listed: %v; want order %d", r.id, there, want.Order)
		}
		if !there {
			continue
		}
		listed++
		cover, out := fmt.Sprint(valueOf(row.DaysOfCover)), fmt.Sprint(valueOf(row.RunsOutOn))
		if row.Sold != want.Sold || row.Order != want.Order || cover != fmt.Sprint(valueOf(want.DaysOfCover)) || out != fmt.Sprint(valueOf(want.RunsOutOn)) {
			t.Errorf("%s: sold %d, %s days, out on %s, order %d; want %d, %v, %v, %d", r.id, row.Sold, cover, out, row.Order,
				want.Sold, valueOf(want.DaysOfCover), valueOf(want.RunsOutOn), want.Order)
		}
		if row.WarehouseCode != "W-"+r.warehouse[3:] {
			t.Errorf("%s: the warehouse's code is %q", r.id, row.WarehouseCode)
		}
	}
	if listed < 20 {
		t.Errorf("only %d records are listed", listed)
	}
}

func valueOf[T any](p *T) any {
	if p == nil {
		return "none"
	}
	return *p
}

// Every row of a history that is called certain shows the quantity of the generated store,
// and every quantity that the log proves is called certain.
func TestHistoryIsExact(t *testing.T) {
	inUTC(t)
	for name, set := range variants() {
		t.Run(name, func(t *testing.T) {
			s := makeStore(t, 6, 40, 1200)
			set(s)
			s.open(t)
			a, stdout, stderr := s.app(t, app.OutputFlags{}, "json")
			for _, r := range s.things[:5] {
				stdout.Reset()
				if err := runHistory(t.Context(), &historyOptions{app: a, record: r.id, since: "99d", by: byMovement}); err != nil {
					t.Fatal(err)
				}
				s.compareHistory(t, r, stdout)
			}
			if warned := strings.Contains(stderr.String(), "warning: the movement log begins on"); warned != (name == "capped" || name == "old pages missing") {
				t.Errorf("got %s, want a warning only if the log is capped or old pages are missing", stderr)
			}
		})
	}
}

func (s *madeStore) compareHistory(t testing.TB, r *thing, stdout *bytes.Buffer) {
	t.Helper()
	rows := map[string]historyRow{}
	for _, row := range readJSON[[]historyRow](t, stdout) {
		rows[row.MovementID] = row
	}
	complete := s.complete()
	for _, i := range r.events {
		e := s.events[i]
		if e.at.Before(complete) || e.at.Before(today().AddDate(0, 0, -99)) {
			continue
		}
		want := historyRow{Date: e.at.Format(time.RFC3339Nano), OnHand: e.onHand, Reserved: e.reserved, Certain: true, Action: e.action, MovementID: e.id}
		switch {
		case e.action == "RESERVED" || e.action == "RELEASED":
		case e.qty > 0:
			want.In = e.qty
		default:
			want.Out = -e.qty
		}
		if got := rows[e.id]; got != want {
			t.Fatalf("%s: got %+v, want %+v", r.id, got, want)
		}
		delete(rows, e.id)
	}
	for _, row := range rows {
		if row.Certain {
			t.Errorf("%s: %+v is called certain", r.id, row)
		}
	}
}

type historyRow struct {
	Date, Action, MovementID  string
	OnHand, Reserved, In, Out int64
	Certain                   bool
}

// On a terminal, the chart fits.
func TestHistoryChart(t *testing.T) {
	inUTC(t)
	s := makeStore(t, 6, 40, 3000)
	s.forgets = today().AddDate(0, 0, -40)
	s.open(t)
	a, stdout, stderr := s.app(t, app.OutputFlags{}, "table")
	a.IO.OutTTY = true
	if err := runHistory(t.Context(), &historyOptions{app: a, record: s.things[0].id, since: "90d", by: byDay}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(stdout.String()) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	for _, want := range []string{"┤", "·····", "2026-08-30", "certain from 2026-10-19", "2026-11-28"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("the chart lacks %q\n%s", want, stdout)
		}
	}
	if !strings.Contains(stderr.String(), "the quantities are certain from 2026-10-19 ") {
		t.Error(stderr)
	}
}

package seeing

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/webhook"
)

// ear is a webhook that remembers what it received.
type ear struct {
	*httptest.Server
	heard  []string
	status int
}

func newEar(t *testing.T) *ear {
	e := &ear{status: 200}
	e.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		for name := range r.Header {
			if name == "Authorization" || name == "X-Merchantapikey" {
				t.Errorf("the webhook received %s", name)
			}
		}
		if e.status == 200 {
			e.heard = append(e.heard, string(body))
		}
		w.WriteHeader(e.status)
	}))
	t.Cleanup(e.Close)
	return e
}

// smallStore has three records, of which low and lower are low.
func smallStore(t *testing.T) *madeStore {
	five := int64(5)
	s := &madeStore{
		names: map[string]string{"prod_b": `Tea "Assam"`}, codes: map[[2]string]string{{"prod_b", "sku_b"}: "TEA-1"},
	}
	s.things = []*thing{
		{id: "inv_low", product: "prod_<!channel>", warehouse: "wh_1", onHand: 4, level: &five, created: today().AddDate(0, 0, -90)},
		{id: "inv_lower", product: "prod_b", sku: "sku_b", warehouse: "wh_2", onHand: 1, level: &five, created: today().AddDate(0, 0, -90)},
		{id: "inv_fine", product: "prod_c", warehouse: "wh_1", onHand: 50, level: &five, created: today().AddDate(0, 0, -90)},
	}
	for _, r := range s.things {
		s.events = append(s.events, event{id: "log_" + r.id, record: r.id, product: r.product, action: "RECEIVED", qty: r.onHand, at: r.created})
	}
	s.open(t)
	return s
}

// run runs low-stock with --notify, and returns what was heard and the notes.
func (e *ear) run(t *testing.T, s *madeStore, o lowStockOptions) (heard []string, notes string, err error) {
	t.Helper()
	e.heard = nil
	a, stdout, stderr := s.app(t, app.OutputFlags{}, "json")
	o.app, o.notifies, o.webhook = a, true, e.URL+"/services/secret"
	o.sender = webhook.Sender{Transport: e.Client().Transport}
	err = runLowStock(t.Context(), &o)
	for _, text := range []string{stdout.String(), stderr.String(), failure.HintOf(err)} {
		if strings.Contains(text, "secret") || strings.Contains(text, e.URL) {
			t.Errorf("the address is shown: %s", text)
		}
	}
	if err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "127.0.0.1")) {
		t.Errorf("the address is shown: %v", err)
	}
	return e.heard, stderr.String(), err
}

func TestMessages(t *testing.T) {
	inUTC(t)
	s, e := smallStore(t), newEar(t)
	heard, _, err := e.run(t, s, lowStockOptions{})
	want := []string{`{"event":"low_stock","at":"2026-11-28T18:30:00Z","count":2,"records":[` +
		`{"id":"inv_lower","productId":"prod_b","skuId":"sku_b","warehouseId":"wh_2","warehouseName":"Abuja",` +
		`"availableQty":1,"reorderLevel":5,"daysOfCover":null,"runsOutOn":null,"order":5,"productName":"Tea \"Assam\"",` +
		`"skuCode":"TEA-1","warehouseCode":"W-2"},` +
		`{"id":"inv_low","productId":"prod_\u003c!channel\u003e","warehouseId":"wh_1","warehouseName":"Lagos Main",` +
		`"availableQty":4,"reorderLevel":5,"daysOfCover":null,"runsOutOn":null,"order":2,"productName":null,"skuCode":null,"warehouseCode":"W-1"}]}`}
	if diff := cmp.Diff(want, heard); err != nil || diff != "" {
		t.Error(err, diff)
	}
	s.events = append(s.events, event{id: "log_sold", record: "inv_fine", product: "prod_c", action: "SOLD", qty: -280, at: today().AddDate(0, 0, -1)})
	s.open(t)
	heard, _, err = e.run(t, s, lowStockOptions{coverDays: 14, windowDays: 28, notifyOptions: notifyOptions{form: formSlack}})
	want = []string{`{"text":"*3 records are low or running out*\n` +
		`• prod_c at W-1: 50 available, runs out on 2026-12-03, order 90\n` +
		`• Tea \"Assam\" TEA-1 at W-2: 1 available, order 5\n` +
		`• prod_\u0026lt;!channel\u0026gt; at W-1: 4 available, order 2","unfurl_links":false,"unfurl_media":false}`}
	if diff := cmp.Diff(want, heard); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

// With a state file, a record is reported once until it recovers; a message that
// was not accepted is sent again by the next run.
func TestReportedOnce(t *testing.T) {
	s, e := smallStore(t), newEar(t)
	o := lowStockOptions{notifyOptions: notifyOptions{state: filepath.Join(t.TempDir(), "low.json")}}
	step := func(what string, wantIDs ...string) {
		t.Helper()
		heard, _, err := e.run(t, s, o)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		var ids []string
		for _, id := range []string{"inv_low", "inv_lower", "inv_fine"} {
			if strings.Contains(strings.Join(heard, ""), `"id":"`+id+`"`) {
				ids = append(ids, id)
			}
		}
		if !slices.Equal(ids, wantIDs) {
			t.Errorf("%s: heard of %v, want %v", what, ids, wantIDs)
		}
	}
	e.status = 503
	if _, _, err := e.run(t, s, o); failure.KindOf(err) != failure.Unavailable {
		t.Errorf("got %v, want the kind %s", err, failure.Unavailable)
	}
	e.status = 200
	step("the webhook is back", "inv_low", "inv_lower")
	step("nothing is new")
	s.things[2].onHand = 2
	step("one more", "inv_fine")
	s.things[0].onHand = 20
	step("one recovers")
	s.things[0].onHand = 3
	o.warehouse = "W-2"
	step("another warehouse is examined")
	o.warehouse = "W-1"
	step("it is low again", "inv_low")
	if info, err := os.Stat(o.state); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	s.things[0].onHand, s.things[1].onHand, s.things[2].onHand = 9, 9, 9
	o.warehouse = ""
	step("all recover")
	if text, err := os.ReadFile(o.state); err != nil || !strings.Contains(string(text), `"reported": {}`) {
		t.Errorf("%s, %v", text, err)
	}
}

func TestBadNotify(t *testing.T) {
	s, e := smallStore(t), newEar(t)
	dir := t.TempDir()
	other := filepath.Join(dir, "other.json")
	if err := os.WriteFile(other, []byte(`{"version":1,"store":"https://api.example.com","reported":{}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(dir, "broken.json")
	if err := os.WriteFile(broken, []byte(`shopping list`), 0o600); err != nil {
		t.Fatal(err)
	}
	for state, want := range map[string]string{
		other:                              "--state " + other + " is for another store (https://api.example.com)",
		broken:                             "--state " + broken + " is not a state file of low-stock",
		filepath.Join(dir, "no", "a.json"): "--state: open " + filepath.Join(dir, "no", "a.json.lock") + ": no such file or directory",
	} {
		heard, _, err := e.run(t, s, lowStockOptions{notifyOptions: notifyOptions{state: state}})
		if err == nil || err.Error() != want || failure.KindOf(err) != failure.Usage || len(heard) > 0 {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if text, err := os.ReadFile(broken); err != nil || string(text) != "shopping list" {
		t.Errorf("got %q and the error %v, want %q", text, err, "shopping list")
	}
}

// The address comes from the flag, the file, the variable, or the variable's
// file, in that order.
func TestWhereTheWebhookComesFrom(t *testing.T) {
	s := smallStore(t)
	file := filepath.Join(t.TempDir(), "webhook")
	if err := os.WriteFile(file, []byte("https://file.example.com/secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		o      notifyOptions
		env    map[string]string
		origin string
		err    string
	}{
		"flag":          {o: notifyOptions{webhook: "https://a/secret"}, env: map[string]string{webhookVariable: "x"}, origin: "flag --webhook"},
		"file":          {o: notifyOptions{webhookFile: file}, env: map[string]string{webhookVariable: "x"}, origin: "file " + file},
		"both":          {env: map[string]string{webhookVariable: "https://a/secret", webhookFileVariable: file}, err: "STOCKCTL_WEBHOOK and STOCKCTL_WEBHOOK_FILE are both set"},
		"variable":      {env: map[string]string{webhookVariable: "https://a/secret"}, origin: webhookVariable},
		"variable file": {env: map[string]string{webhookFileVariable: file}, origin: webhookFileVariable},
		"none":          {err: "--notify has no webhook to post to"},
		"empty":         {env: map[string]string{webhookVariable: ""}, err: "the webhook of STOCKCTL_WEBHOOK is empty"},
		"no such file":  {o: notifyOptions{webhookFile: file + "x"}, err: "reading the webhook's address: open " + file + "x: no such file or directory"},
		"plain":         {env: map[string]string{webhookVariable: "http://a/secret"}, err: "the webhook of STOCKCTL_WEBHOOK does not begin with https://"},
	} {
		a, _, _ := s.app(t, app.OutputFlags{}, "json")
		a.LookupEnv = func(name string) (string, bool) { v, ok := test.env[name]; return v, ok }
		test.o.notifies = true
		_, origin, err := test.o.find(a)
		if err == nil {
			err = test.o.prepare(a)
		}
		if test.err == "" && (err != nil || origin != test.origin || test.o.form != formJSON) || test.err != "" && (err == nil || err.Error() != test.err || failure.KindOf(err) != failure.Config) {
			t.Errorf("%s: %q, %v", name, origin, err)
		}
	}
}

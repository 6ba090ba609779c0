package cmd_test

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// ownServer is an API that shares no code with the sandbox. It has 130 products with a
// record and a movement each, and its pages have at most 50 rows.
type ownServer struct {
	*httptest.Server
	mu      sync.Mutex
	onHand  map[string]int64 // by record
	moves   []map[string]any
	changes int
	// spoil gets the response of each page after the first, or of each write. It is
	// called at most `times` times.
	spoil func(s *ownServer, w http.ResponseWriter, body []byte)
	times int
	write bool
}

const ownRows = 130

func ownRow(kind string, i int) map[string]any {
	id := fmt.Sprintf("p%03d", i)
	switch kind {
	case "logs":
		return map[string]any{"id": "mov_" + id, "inventoryId": "inv_" + id, "productId": id, "action": "RECEIVED", "qtyChange": 1, "timestamp": "2026-02-01T21:28:29.049Z"}
	case "products":
		return map[string]any{"id": id, "name": "Product " + id, "productType": "SIMPLE", "price": 1, "variantGroups": []any{}}
	}
	return map[string]any{"id": "inv_" + id, "productId": id, "skuId": nil, "warehouseId": "w1", "onHandQty": i, "reservedQty": 0, "availableQty": i}
}

func ownKind(path string) string {
	return map[string]string{"/v1/inventory": "records", "/v1/inventory/logs": "logs", "/v2/products": "products"}[path]
}

// respond returns the status and the data of a response.
func (s *ownServer) respond(r *http.Request) (int, any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	var sent map[string]any
	if len(body) > 0 && json.Unmarshal(body, &sent) != nil {
		return http.StatusBadRequest, nil
	}
	record := func(id string) map[string]any {
		i, _ := strconv.Atoi(strings.TrimPrefix(id, "inv_p"))
		row := ownRow("records", i)
		row["onHandQty"], row["availableQty"] = s.onHand[id], s.onHand[id]
		return row
	}
	kind, parts := ownKind(r.URL.Path), strings.Split(r.URL.Path, "/")
	switch {
	case r.Method == http.MethodPost && kind == "records":
		id := "inv_" + sent["productId"].(string)
		if _, exists := s.onHand[id]; exists {
			return http.StatusConflict, nil
		}
		s.changes++
		s.onHand[id] = int64(sent["initialQty"].(float64))
		return http.StatusCreated, record(id)
	case r.Method == http.MethodPatch:
		id := parts[3]
		s.changes++
		s.onHand[id] += int64(sent["qty"].(float64))
		move := maps.Clone(sent)
		move["id"], move["inventoryId"], move["productId"] = fmt.Sprint("mov_", s.changes), id, strings.TrimPrefix(id, "inv_")
		move["qtyChange"], move["timestamp"] = sent["qty"], "2026-02-01T21:28:29.049Z"
		s.moves = append(s.moves, move)
		return http.StatusOK, record(id)
	case r.URL.Path == "/v1/warehouses":
		return http.StatusOK, []any{map[string]any{"id": "w1", "name": "Main", "code": "W-1", "isDefault": true, "active": true, "type": "OWNED"}}
	case kind != "":
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
		limit = min(limit, 50)
		rows := []any{}
		if kind == "logs" {
			for _, move := range slices.Backward(s.moves) {
				rows = append(rows, move)
			}
		}
		for i := range ownRows {
			rows = append(rows, ownRow(kind, i))
		}
		from := min(page*limit, len(rows))
		return http.StatusOK, map[string]any{"content": rows[from:min(from+limit, len(rows))], "page": page, "limit": limit, "totalElements": len(rows)}
	case len(parts) > 4 && parts[3] == "product":
		if _, exists := s.onHand["inv_"+parts[4]]; exists {
			return http.StatusOK, []any{record("inv_" + parts[4])}
		}
		return http.StatusOK, []any{}
	case len(parts) == 4 && parts[2] == "products":
		i, _ := strconv.Atoi(strings.TrimPrefix(parts[3], "p"))
		return http.StatusOK, ownRow("products", i)
	}
	return http.StatusNotFound, nil
}

func (s *ownServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status, data := s.respond(r)
	response := map[string]any{"status": status < 300, "data": data}
	if status >= 300 {
		response = map[string]any{"status": false, "message": http.StatusText(status)}
	}
	body, err := json.Marshal(response)
	if err != nil {
		cut()
	}
	hit := !s.write && ownKind(r.URL.Path) != "" && r.URL.Query().Get("page") != "0" || s.write && r.Method != http.MethodGet
	s.mu.Lock()
	if hit = hit && s.spoil != nil && s.times > 0; hit {
		s.times--
	}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if hit {
		s.spoil(s, w, body)
		return
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// The protocols over which a server may be reached.
const (
	plainHTTP = "HTTP/1.1"
	overTLS   = "HTTP/1.1 over TLS"
	overHTTP2 = "HTTP/2"
)

// openOwn starts the server, and returns a user of it who trusts its certificate.
func openOwn(t *testing.T, protocol string) (*ownServer, *user) {
	t.Helper()
	s := &ownServer{onHand: map[string]int64{}}
	for i := range ownRows {
		s.onHand[fmt.Sprintf("inv_p%03d", i)] = int64(i)
	}
	s.Server = httptest.NewUnstartedServer(s)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(s.Close)
	if protocol == plainHTTP {
		s.Start()
		return s, customer(t, s.URL, "pk_test_1234567890", "s3cret-token")
	}
	s.EnableHTTP2 = protocol == overHTTP2
	s.StartTLS()
	u := customer(t, s.URL, "pk_test_1234567890", "s3cret-token")
	u.env["SSL_CERT_FILE"] = u.file(t, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})))
	return s, u
}

// ownFault spoils a response.
type ownFault struct {
	name  string
	does  func(s *ownServer, w http.ResponseWriter, body []byte)
	whole bool // nothing is missing from the response
}

func ownFaults() []ownFault {
	edit := func(change func(page map[string]any)) func(*ownServer, http.ResponseWriter, []byte) {
		return func(_ *ownServer, w http.ResponseWriter, body []byte) {
			var response map[string]any
			if json.Unmarshal(body, &response) != nil {
				cut()
			}
			page, is := response["data"].(map[string]any)
			if is {
				change(page)
			}
			text, err := json.Marshal(response)
			if err != nil {
				cut()
			}
			_, _ = w.Write(text)
		}
	}
	part := func(w http.ResponseWriter, body []byte) {
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
	}
	return []ownFault{
		{"cut in the middle", func(_ *ownServer, w http.ResponseWriter, body []byte) { part(w, body); cut() }, false},
		{"cut, with its length", func(_ *ownServer, w http.ResponseWriter, body []byte) {
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			part(w, body)
			cut()
		}, false},
		{"short, as if it were whole", func(_ *ownServer, w http.ResponseWriter, body []byte) { part(w, body) }, false},
		{"no response", func(*ownServer, http.ResponseWriter, []byte) { cut() }, false},
		{"all connections are closed", func(s *ownServer, _ http.ResponseWriter, _ []byte) { s.CloseClientConnections() }, false},
		{"the connection ends after it", func(_ *ownServer, w http.ResponseWriter, body []byte) {
			w.Header().Set("Connection", "close") // over HTTP/2 a GOAWAY
			_, _ = w.Write(body)
		}, true},
		{"status false", func(_ *ownServer, w http.ResponseWriter, _ []byte) {
			_, _ = io.WriteString(w, `{"status":false,"message":"Not today"}`)
		}, false},
		{"an empty 200", func(*ownServer, http.ResponseWriter, []byte) {}, false},
		{"an empty page", edit(func(page map[string]any) { page["content"] = []any{} }), false},
		{"an empty page that says 0", edit(func(page map[string]any) { page["content"], page["totalElements"] = []any{}, 0 }), false},
		{"half a page", edit(func(page map[string]any) {
			list := page["content"].([]any)
			page["content"] = list[:len(list)/2]
		}), false},
		{"no total, and empty", edit(func(page map[string]any) {
			page["content"] = []any{}
			delete(page, "totalElements")
		}), false},
	}
}

// listing reads a list of several pages. Its rows are the lines of its output.
type listing struct {
	args []string
	kind string
}

func listings() []listing {
	return []listing{
		{[]string{"inventory", "list", "--all", "-o", "csv", "--no-header"}, "records"},
		{[]string{"inventory", "logs", "--all", "-o", "jsonl"}, "logs"},
		{[]string{"product", "list", "--all", "-o", "id"}, "products"},
		{[]string{"api", "GET", "/v1/inventory", "--paginate", "-o", "jsonl"}, "records"},
	}
}

// runOwn runs a command. Certificates are read once in a process, so that a new one needs
// another process.
func runOwn(t *testing.T, u *user, protocol string, args ...string) (code int, out, errOut string) {
	t.Helper()
	if protocol == plainHTTP {
		return u.run(t, t.Context(), args...)
	}
	p := u.start(t, args...)
	_ = p.Wait() // the exit code is returned
	return p.ProcessState.ExitCode(), p.out.String(), p.err.String()
}

// Whatever happens between the pages of a list, a command shows every row of it or fails.
func TestListsOfServersThatGiveUp(t *testing.T) {
	const always = 1 << 20
	var every sync.WaitGroup
	room := make(chan struct{}, 24) // they mostly wait
	for _, protocol := range []string{plainHTTP, overTLS, overHTTP2} {
		for _, f := range ownFaults() {
			for i, l := range listings() {
				for _, times := range []int{1, always} {
					if protocol != plainHTTP && i > 0 || protocol == overTLS && times != always {
						continue // each needs a process of its own
					}
					every.Go(func() {
						room <- struct{}{}
						defer func() { <-room }()
						name := fmt.Sprintf("%v over %s, %s, at most %d times", l.args, protocol, f.name, times)
						s, u := openOwn(t, protocol)
						u.env["STOCKCTL_TIMEOUT"] = endless.String()
						if times == always {
							u.env["STOCKCTL_MAX_WAIT"] = "1ms"
						}
						s.spoil, s.times = f.does, times
						code, out, errOut := runOwn(t, u, protocol, l.args...)
						rows := strings.Count(out, "\n")
						switch {
						case code == 0 && rows != ownRows, code != 0 && f.whole:
							t.Errorf("%s: exit %d with %d of %d rows\n%s", name, code, rows, ownRows, errOut)
						case code != 0 && !strings.Contains(errOut, "error"):
							t.Errorf("%s: exit %d without an error:\n%s", name, code, errOut)
						case s.times == times:
							t.Errorf("%s: nothing was spoilt: exit %d\n%s", name, code, errOut)
						}
					})
				}
			}
		}
	}
	every.Wait()
}

// A write over these protocols is applied once, and the command says so or that it does
// not know.
func TestWritesOfServersThatGiveUp(t *testing.T) {
	var every sync.WaitGroup
	room := make(chan struct{}, 24) // they mostly wait
	for _, protocol := range []string{plainHTTP, overTLS, overHTTP2} {
		for _, f := range ownFaults() {
			if f.name == "status false" {
				continue // that is a clear no
			}
			for args, record := range map[string]string{
				"inventory adjust p007@W-1 --qty 5 --action received":                      "inv_p007",
				"inventory create --product p900 --warehouse W-1 --initial-qty 12 --quiet": "inv_p900",
			} {
				every.Go(func() {
					room <- struct{}{}
					defer func() { <-room }()
					s, u := openOwn(t, protocol)
					s.spoil, s.times, s.write = f.does, 1, true
					code, out, errOut := runOwn(t, u, protocol, strings.Fields(args)...)
					if s.onHand[record] != 12 || s.changes != 1 || code != 0 && code != 9 || s.times != 0 || f.whole && code != 0 {
						t.Errorf("%s over %s, %s: exit %d, %d on hand after %d changes\n%s%s", args, protocol, f.name, code, s.onHand[record], s.changes, out, errOut)
					}
				})
			}
		}
	}
	every.Wait()
}

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// store is the data of the server: a number of similar records, the movements, how much
// was written, and how long responses took.
type store struct {
	records int
	limits  *limits
	writes  atomic.Int64
	bytes   atomic.Int64
	waits   atomic.Int64
	waited  atomic.Int64 // nanoseconds

	mu        sync.Mutex
	movements []movement
}

type movement struct {
	Record    string
	Qty       int64
	Action    string
	Reference string
	Notes     string
	at        time.Time
}

// started is the time of everything without an actual time.
const started = "2026-01-05T08:00:00Z"

func (s *store) create(w http.ResponseWriter, r *http.Request) {
	body, ok := s.read(w, r)
	if !ok {
		return
	}
	var asked struct {
		ProductID, SkuID, WarehouseID, Location string
		InitialQty, ReorderLevel, ReorderQty    int64
	}
	if err := json.Unmarshal(body, &asked); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	now := time.Now().UTC().Format(time.RFC3339Nano)
	reply(w, http.StatusCreated, fmt.Appendf(nil, `{"status":true,"message":"Inventory created","data":{"id":"inv_%d","productId":%q,"skuId":%q,"tenantId":"t1",`+
		`"warehouseId":%q,"warehouseName":"Main","location":%q,"onHandQty":%d,"reservedQty":0,"availableQty":%d,"reorderLevel":%d,"reorderQty":%d,`+
		`"variantAttributes":{},"createdAt":%q,"updatedAt":%q}}`, s.writes.Load(), asked.ProductID, asked.SkuID, asked.WarehouseID, asked.Location,
		asked.InitialQty, asked.InitialQty, asked.ReorderLevel, asked.ReorderQty, now, now))
}

func (s *store) adjust(w http.ResponseWriter, r *http.Request) {
	body, ok := s.read(w, r)
	if !ok {
		return
	}
	m := movement{at: time.Now()}
	if err := json.Unmarshal(body, &m); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	m.Record = r.PathValue("id")
	s.mu.Lock()
	s.movements = append(s.movements, m)
	s.mu.Unlock()
	reply(w, http.StatusOK, fmt.Appendf(nil, `{"status":true,"data":{"id":%q,"onHandQty":500,"reservedQty":0,"availableQty":500}}`, m.Record))
}

// list returns a page of the records, which are generated on request.
func (s *store) list(w http.ResponseWriter, r *http.Request) {
	page, limit := paging(r)
	var content []byte
	for i := page * limit; i < min(s.records, (page+1)*limit); i++ {
		content = fmt.Appendf(content, `{"id":"inv_%07d","productId":"prod_%07d","skuId":"sku_red_256gb","tenantId":"t1","warehouseId":"wh_1","warehouseName":"Main",`+
			`"location":"B-%02d-1","onHandQty":%d,"reservedQty":3,"availableQty":%d,"reorderLevel":5,"reorderQty":50,"variantAttributes":{"Color":"Red"},`+
			`"createdAt":%q,"updatedAt":%q},`, i, i, i%90, 100+i%900, 97+i%900, started, started)
	}
	response(w, content, page, limit, s.records)
}

// logs returns a page of the movements, newest first.
func (s *store) logs(w http.ResponseWriter, r *http.Request) {
	page, limit := paging(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	total := len(s.movements)
	var content []byte
	for i := total - 1 - page*limit; i >= max(0, total-(page+1)*limit); i-- {
		m := s.movements[i]
		content = fmt.Appendf(content, `{"id":"m%d","inventoryId":%q,"productId":"prod_1","action":%q,"qtyChange":%d,"reference":%q,"notes":%q,"timestamp":%q},`,
			i, m.Record, m.Action, m.Qty, m.Reference, m.Notes, m.at.UTC().Format(time.RFC3339Nano))
	}
	response(w, content, page, limit, total)
}

// response wraps a page. Each of its entries ends with a comma.
func response(w http.ResponseWriter, content []byte, page, limit, total int) {
	if n := len(content); n > 0 {
		content = content[:n-1]
	}
	reply(w, http.StatusOK, fmt.Appendf(nil, `{"status":true,"data":{"content":[%s],"page":%d,"limit":%d,"totalElements":%d}}`, content, page, limit, total))
}

// paging reads the page and its size from a request. The default size is 50.
func paging(r *http.Request) (page, limit int) {
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(r.FormValue(name)); err == nil && n >= 0 {
			return n
		}
		return otherwise
	}
	return number("page", 0), max(1, number("limit", 50))
}

// written returns how many writes arrived and the total length of their bodies, which the
// benchmarks compare with what the client reports. It also returns how many requests were
// refused and, with a latency, the actual latency in seconds.
func (s *store) written(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, fmt.Appendf(nil, `{"writes":%d,"bytes":%d,"refused":%d,"latency":%g}`,
		s.writes.Load(), s.bytes.Load(), s.limits.refused.Load(), float64(s.waited.Load())/1e9/float64(max(1, s.waits.Load()))))
}

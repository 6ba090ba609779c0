package suggest

import (
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
)

// The kinds of things that are kept.
const (
	kindWarehouses = "warehouses"
	kindProducts   = "products"
	kindRecords    = "records"
	kindRecordIDs  = "record ids"
	// kindCodes holds the warehouses' ids with their codes, for records that are
	// read by a command that does not read the warehouses.
	kindCodes = "warehouse codes"
)

// Readings keeps what commands read for completion, at no request of their own.
// What is kept may be offered long after: it tells no quantities.
func Readings(a *app.App) api.Readings {
	return api.Readings{
		Rows: most,
		Warehouses: func(list []api.Warehouse) {
			open(a, kindWarehouses).save(linesOf(ofWarehouses(list)))
			open(a, kindCodes).save(codeLines(list))
		},
		Products: func(list []api.Product) {
			var found []candidate
			for _, p := range list {
				found = append(found, candidate{p.ID, p.Name})
			}
			open(a, kindProducts).save(linesOf(found))
		},
		Records: func(list []api.Record) {
			codes, read := keptCodes(a)
			if !read {
				return // addresses by id would hide the codes that people type
			}
			var addresses, ids []candidate
			for _, r := range list {
				address := addressOf(r, codes)
				addresses = append(addresses, candidate{address, r.WarehouseName})
				ids = append(ids, candidate{r.ID, address})
			}
			open(a, kindRecords).save(linesOf(addresses))
			open(a, kindRecordIDs).save(linesOf(ids))
		},
	}
}

func codeLines(list []api.Warehouse) []string {
	lines := []string{}
	for _, w := range list {
		lines = append(lines, w.ID+"\t"+w.Code)
	}
	return lines
}

func keptCodes(a *app.App) (codes map[string]string, read bool) {
	lines, read := open(a, kindCodes).load()
	codes = map[string]string{}
	for _, line := range lines {
		id, code, _ := strings.Cut(line, "\t")
		codes[id] = code
	}
	return codes, read
}

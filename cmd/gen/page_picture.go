package main

import (
	"bytes"
	"fmt"
	"html"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/forecast"
	"github.com/bayworks/stockctl/internal/movements"
	"github.com/bayworks/stockctl/internal/report"
)

// The size of the report's picture, which shows the top of the page.
const (
	pageWidth  = 1000
	pageHeight = 1310
)

// pagePicture is the picture of `inventory report`: the page itself, embedded in an
// SVG, for a shop that is always the same.
func pagePicture() picture {
	return picture{
		file:  "stockctl-inventory-report.svg",
		title: "stockctl inventory report",
		text: "A page in a browser: totals for the whole stock, a chart of the quantities on hand in two warehouses, and a table of items that are low " +
			"with the dates they run out.",
	}
}

// drawPage draws the picture. The page is valid XML as well as HTML, so the SVG can
// contain it unchanged.
func (p *picture) drawPage() ([]byte, error) {
	var page bytes.Buffer
	if err := pictureStore().Write(&page); err != nil {
		return nil, err
	}
	between := func(from, to string) string {
		_, rest, _ := strings.Cut(page.String(), from)
		text, _, _ := strings.Cut(rest, to)
		return text
	}
	style := strings.Replace(between("<style>", "</style>"), "body{", ".page{", 1)
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">`+"\n", pageWidth, pageHeight, pageWidth, pageHeight)
	fmt.Fprintf(&out, "<title>%s</title>\n<desc>%s</desc>\n<style>%s</style>\n", html.EscapeString(p.title), html.EscapeString(p.text), style)
	fmt.Fprintf(&out, `<foreignObject width="%d" height="%d"><div xmlns="http://www.w3.org/1999/xhtml" class="page">%s</div></foreignObject>`+"\n</svg>\n",
		pageWidth, pageHeight, between("<body>", "<script>"))
	return out.Bytes(), nil
}

// pictureStore is a shop with two warehouses that sells a few units a day.
func pictureStore() *report.Store {
	now := time.Date(2026, 11, 2, 8, 42, 0, 0, time.UTC)
	since := now.AddDate(0, 0, -90)
	sales := forecast.New(forecast.Options{Now: now, Window: 28, Cover: 14})
	var records []api.Record
	var log []movements.Movement
	for i, name := range []string{"Canvas Tote Bag", "Aurora Phone, red", "Aurora Phone, blue", "Enamel Mug", "Dinner Plate", "Oak Tray"} {
		for w, warehouse := range []string{"LGS-01", "ABJ-01"} {
			id := fmt.Sprintf("%d-%d", i, w)
			have := int64(120 - 50*w)
			move := func(day, hour int, action string, qty int64) {
				have += qty
				at := since.AddDate(0, 0, day).Add(time.Duration(hour) * time.Hour)
				log = append(log, movements.Movement{ID: fmt.Sprintf("%s-%d-%d", id, day, hour), RecordID: id, Action: action, Qty: qty, At: at, Dated: true})
			}
			move(-1, 0, "RECEIVED", 0)
			for day := range 90 {
				if sold := int64((day*7 + i*5 + w*3) % (4 + i)); sold > 0 && have > sold {
					move(day, 9, "SOLD", -sold)
				}
				if day%23 == 5+i+w && day < 80 {
					move(day, 7, "RECEIVED", int64(34+9*i-8*w))
				}
				if day%31 == 11+i && have > 10 {
					move(day, 12, "DAMAGED", -int64(1+i%3))
				}
			}
			level, none, on := int64(10+5*i), int64(0), have
			records = append(records, api.Record{
				ID: id, ProductID: name, WarehouseID: warehouse, OnHandQty: &on, ReservedQty: &none, AvailableQty: &on, ReorderLevel: &level,
				CreatedAt: &api.Time{Time: now.AddDate(-1, 0, 0), Zoned: true},
			})
		}
	}
	s := report.New(report.Options{
		Store: "shop.example.com", Now: now, Since: since, Zone: time.UTC, Cover: 14, Window: 28, Sales: sales,
		Name: func(r api.Record) report.Names { return report.Names{Product: r.ProductID, Warehouse: r.WarehouseID} },
	})
	for _, m := range log {
		sales.Add(m)
	}
	for _, r := range records {
		s.AddRecord(r)
	}
	for _, m := range log {
		s.AddMovement(m)
	}
	return s
}

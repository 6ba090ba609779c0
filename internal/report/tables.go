package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dustin/go-humanize"

	"github.com/bayworks/stockctl/internal/output"
)

// The maximum number of rows in each table, to keep the page readable.
const (
	maxLacking = 1000
	maxTop     = 50
	maxSlow    = 100
	maxLost    = 100
	maxText    = 120 // characters of a name
	maxWhole   = 24  // characters of a code that is kept on one line
)

// Table is a table that can be sorted and, if useful, filtered.
type Table struct {
	ID, Caption string
	Columns     []Column
	Rows        [][]Cell
	None        string // shown instead of rows if there are none
	More        string // shown if rows were left out
	Filter      bool
}

// Column is the header of a column.
type Column struct {
	Title  string
	Number bool
}

// Cell is a text, with the sort key if that is different.
type Cell struct {
	Text, Sort string
	Number     bool
	Alert      bool
	Whole      bool // it stays on one line
}

func words(s string) Cell { return Cell{Text: clean(s)} }

// code returns a cell with a code. A short one is not broken at hyphens.
func code(s string) Cell {
	c := words(s)
	c.Whole = utf8.RuneCountInString(c.Text) <= maxWhole
	return c
}

// clean makes a text from the store safe to read: it escapes direction overrides and
// shortens long texts.
func clean(s string) string {
	runes := []rune(output.Clean(s))
	if len(runes) > maxText {
		return string(runes[:maxText-1]) + "…"
	}
	return string(runes)
}

func count(n int64) Cell {
	return Cell{Text: humanize.Comma(n), Sort: strconv.FormatInt(n, 10), Number: true}
}

func columns(titles ...string) []Column {
	out := make([]Column, len(titles))
	for i, title := range titles {
		out[i] = Column{Title: strings.TrimPrefix(title, "#"), Number: strings.HasPrefix(title, "#")}
	}
	return out
}

// what returns the cells that identify a record.
func (s *Store) what(h *holding) []Cell {
	n := s.Name(h.Record)
	return []Cell{words(n.Product), code(n.SKU), code(n.Warehouse)}
}

func (s *Store) stock() Table {
	t := Table{
		ID: "stock", Caption: "Each warehouse", None: "There are no records.",
		Columns: columns("Warehouse", "#Records", "#On hand", "#Reserved", "#Available", "#Low", "#Out of stock", "#Sold since", "#Damaged", "#Adjusted down"),
	}
	for _, p := range s.warehouses {
		t.Rows = append(t.Rows, []Cell{
			code(p.name), count(int64(p.records)), count(p.onHand), count(p.reserved), count(p.onSale),
			count(int64(p.low)), count(int64(p.out)), count(p.sold), count(p.damaged), count(p.adjusted),
		})
	}
	return t
}

func (s *Store) lacking() Table {
	t := Table{
		ID: "low", Caption: fmt.Sprintf("At the reorder level, or running out within %d days", s.Cover), None: "Nothing is low, and nothing runs out.", Filter: true,
		Columns: columns("Product", "SKU", "Warehouse", "#Available", "#Reorder at", fmt.Sprintf("#Sold in %d days", s.Window), "#Days left", "Runs out", "#Order"),
	}
	var list []*holding
	for _, h := range s.order {
		if h.Lacks > 0 {
			list = append(list, h)
		}
	}
	slices.SortStableFunc(list, func(a, b *holding) int { return a.Compare(b.Outlook) })
	t.More = more(len(list), maxLacking)
	for _, h := range list[:min(len(list), maxLacking)] {
		available := count(value(h.AvailableQty))
		available.Alert = value(h.AvailableQty) <= 0
		level, left, out := Cell{Number: true}, Cell{Number: true, Sort: "1e9"}, Cell{Sort: "9999"}
		if h.ReorderLevel != nil {
			level = count(*h.ReorderLevel)
		}
		if h.Sells {
			days := strconv.FormatFloat(h.DaysOfCover(), 'f', -1, 64)
			left = Cell{Text: days, Sort: days, Number: true, Alert: h.DaysOfCover() < 1}
			out = code(s.Now.Add(h.Lasts).In(s.Zone).Format(time.DateOnly))
		}
		t.Rows = append(t.Rows, append(s.what(h), available, level, count(h.Sold), left, out, count(h.Order(0))))
	}
	return t
}

func more(all, most int) string {
	if all <= most {
		return ""
	}
	return fmt.Sprintf("The first %s of %s are shown.", humanize.Comma(int64(most)), humanize.Comma(int64(all)))
}

// allActions returns the actions in the log, known ones first.
func (s *Store) allActions() []string {
	order := actionOrder()
	for _, action := range slices.Sorted(maps.Keys(s.actions)) {
		if !slices.Contains(order, action) {
			order = append(order, action)
		}
	}
	return order
}

func (s *Store) moved() Table {
	t := Table{ID: "actions", Caption: "Movements by action", None: "Nothing moved.", Columns: columns("Action", "#Movements", "#Units in", "#Units out")}
	for _, action := range s.allActions() {
		if a := s.actions[action]; a != nil {
			t.Rows = append(t.Rows, []Cell{words(action), count(int64(a.count)), count(a.in), count(a.out)})
		}
	}
	return t
}

func (s *Store) movers() Table {
	t := Table{ID: "top", Caption: "Top movers", None: "Nothing was sold.", Filter: true, Columns: columns("Product", "SKU", "Warehouse", "#Sold", "#On hand")}
	list := slices.DeleteFunc(slices.Clone(s.order), func(h *holding) bool { return h.sold <= 0 })
	slices.SortStableFunc(list, func(a, b *holding) int { return cmp.Compare(b.sold, a.sold) })
	t.More = more(len(list), maxTop)
	for _, h := range list[:min(len(list), maxTop)] {
		t.Rows = append(t.Rows, append(s.what(h), count(h.sold), count(value(h.OnHandQty))))
	}
	return t
}

func (s *Store) slow() Table {
	t := Table{ID: "slow", Caption: "Slow movers: on hand but not sold", None: "Everything on hand has sales.", Filter: true, Columns: columns("Product", "SKU", "Warehouse", "#On hand", "Last sold")}
	list := slices.DeleteFunc(slices.Clone(s.order), func(h *holding) bool { return h.sold > 0 || value(h.OnHandQty) <= 0 })
	slices.SortStableFunc(list, func(a, b *holding) int { return cmp.Compare(value(b.OnHandQty), value(a.OnHandQty)) })
	t.More = more(len(list), maxSlow)
	for _, h := range list[:min(len(list), maxSlow)] {
		last := Cell{Text: "not in the log", Sort: "0"}
		if !h.lastSold.IsZero() {
			last = code(h.lastSold.In(s.Zone).Format(time.DateOnly))
		}
		t.Rows = append(t.Rows, append(s.what(h), count(value(h.OnHandQty)), last))
	}
	return t
}

func (s *Store) lost() Table {
	t := Table{ID: "shrinkage", Caption: "Damaged, and adjusted down", None: "Nothing was lost.", Filter: true, Columns: columns("Product", "SKU", "Warehouse", "#Damaged", "#Adjusted down", "#Together")}
	list := slices.DeleteFunc(slices.Clone(s.order), func(h *holding) bool { return h.damaged+h.adjusted <= 0 })
	slices.SortStableFunc(list, func(a, b *holding) int { return cmp.Compare(b.damaged+b.adjusted, a.damaged+a.adjusted) })
	t.More = more(len(list), maxLost)
	for _, h := range list[:min(len(list), maxLost)] {
		t.Rows = append(t.Rows, append(s.what(h), count(h.damaged), count(h.adjusted), count(h.damaged+h.adjusted)))
	}
	return t
}

// Package draft assembles a request from flags, a file or a form. It converts texts
// to fields and records where they came from. Whether a value is valid is up to the
// request's Validate, so that all sources follow the same rules. It reads no files
// and prompts for nothing.
package draft

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/stock"
)

// Create is a create request being assembled. The zero value is an empty request
// from flags.
type Create struct {
	Request api.CreateRecord
	// Source is where the record begins, FILE:LINE:COLUMN; blank for flags.
	Source string
	// Trimmed is true if the location had spaces around it.
	Trimmed bool

	names map[string]string          // other names of the item in a file
	where map[string]string          // field → FILE:LINE:COLUMN or --flag
	bad   map[string]failure.Problem // field → why its text cannot be converted
	extra []failure.Problem          // problems without a known field
	room  []int64                    // for quantities: the rows of a file share an allocation
}

// Reset makes d an empty request. Values that were taken from it before stay valid.
func (d *Create) Reset() { *d = Create{room: d.room} }

// Set sets a field from text, replacing its value. Blank text removes an optional
// field. where appears in messages.
func (d *Create) Set(field, text, where string) {
	d.setPlace(field, where)
	switch field {
	case stock.Location:
		d.Request.Location = strings.TrimSpace(text)
		d.Trimmed = d.Request.Location != text
		return
	case stock.VariantAttributes:
		d.Request.VariantAttributes = d.attributes(text)
		return
	case stock.Code, stock.Barcode, stock.ProductName:
		if d.names == nil {
			d.names = map[string]string{}
		}
		d.names[field] = text
		return
	}
	if to := d.Request.Text(field); to != nil {
		*to = text
	}
	if to := d.Request.Number(field); to != nil {
		*to = d.quantity(field, text)
	}
}

// SetAttributes replaces the variant attributes.
func (d *Create) SetAttributes(attributes map[string]string, where string) {
	d.setPlace(stock.VariantAttributes, where)
	d.Request.VariantAttributes = attributes
}

// AddAttribute adds one Key=Value to the variant attributes.
func (d *Create) AddAttribute(pair, where string) {
	key, value, ok := strings.Cut(pair, "=")
	attributes := maps.Clone(d.Request.VariantAttributes)
	bad := d.bad[stock.VariantAttributes]
	d.setPlace(stock.VariantAttributes, where)
	if bad.What != "" {
		d.fail(bad)
	}
	switch _, twice := attributes[key]; {
	case !ok:
		d.fail(failure.Problem{Where: where, Field: stock.VariantAttributes, Value: pair, What: "must be Key=Value"})
	case twice:
		d.fail(failure.Problem{Where: where, Field: stock.VariantAttributes, Value: pair, What: "is given twice"})
	default:
		if attributes == nil {
			attributes = map[string]string{}
		}
		attributes[key] = value
		d.Request.VariantAttributes = attributes
	}
}

// Name is one of the names that a file gives an item.
type Name struct{ Field, Text string }

// Names returns the names that a file gives the item besides its ids, the most specific
// first.
func (d *Create) Names() []Name {
	var out []Name
	for _, field := range stock.NameFields() {
		if text := d.names[field]; text != "" {
			out = append(out, Name{field, text})
		}
	}
	return out
}

// namesItem reports whether there are such names, even invalid ones.
func (d *Create) namesItem() bool {
	return slices.ContainsFunc(stock.NameFields(), func(field string) bool {
		_, bad := d.bad[field]
		return bad || d.names[field] != ""
	})
}

// Missing returns the required fields without a value, in order.
func (d *Create) Missing() []string {
	given := map[string]bool{
		stock.ProductID:   d.Request.ProductID != "" || d.Request.SKUID != "" || d.namesItem(), // a SKU's code implies its product
		stock.WarehouseID: d.Request.WarehouseID != "",
		stock.InitialQty:  d.Request.InitialQty != nil,
	}
	var out []string
	for _, f := range stock.CreateFields() {
		if _, bad := d.bad[f.Name]; f.Required && !given[f.Name] && !bad {
			out = append(out, f.Name)
		}
	}
	return out
}

// Problems returns every mistake in the order of the source: texts that cannot be
// converted, and what the request's Validate finds. Missing fields are located
// where the record begins.
func (d *Create) Problems() []failure.Problem {
	out := slices.Clone(d.extra)
	if len(d.bad) > 0 {
		for _, field := range append(stock.FieldNames(), stock.NameFields()...) {
			if p, ok := d.bad[field]; ok {
				out = append(out, p)
			}
		}
	}
	for _, p := range d.named().Validate() {
		field, _, _ := strings.Cut(p.Field, ".")
		if _, bad := d.bad[field]; bad {
			continue
		}
		p.Where = d.Where(field)
		out = append(out, p)
	}
	slices.SortStableFunc(out, byPlace)
	return out
}

// byPlace orders FILE:LINE:COLUMN by line and column. Other places keep their order.
func byPlace(a, b failure.Problem) int {
	lineA, columnA := lineColumn(a.Where)
	lineB, columnB := lineColumn(b.Where)
	return cmp.Or(cmp.Compare(lineA, lineB), cmp.Compare(columnA, columnB))
}

func lineColumn(where string) (line, column int) {
	parts := strings.Split(where, ":")
	if len(parts) < 3 {
		return 0, 0
	}
	line, errLine := strconv.Atoi(parts[len(parts)-2])
	column, errColumn := strconv.Atoi(parts[len(parts)-1])
	if errLine != nil || errColumn != nil {
		return 0, 0
	}
	return line, column
}

// named returns the request with placeholder ids for fields that may be names, as
// the rules for ids do not apply to names: the warehouse, the SKU, and a product
// that contains spaces or follows from the SKU.
func (d *Create) named() api.CreateRecord {
	r := d.Request
	product := strings.TrimSpace(r.ProductID)
	if product == "" && (strings.TrimSpace(r.SKUID) != "" || d.namesItem()) || product == r.ProductID && strings.Contains(product, " ") {
		r.ProductID = "id"
	}
	for _, name := range []*string{&r.WarehouseID, &r.SKUID} {
		if strings.TrimSpace(*name) != "" {
			*name = "id"
		}
	}
	return r
}

// Given reports whether a field was given, even if it is blank.
func (d *Create) Given(field string) bool { return d.where[field] != "" }

// Where returns where a field's value came from: FILE:LINE:COLUMN, a flag, or the
// place of the record.
func (d *Create) Where(field string) string {
	if w := d.where[field]; w != "" {
		return w
	}
	return d.Source
}

func (d *Create) setPlace(field, where string) {
	delete(d.bad, field)
	if d.where == nil && where == "" {
		return
	}
	if d.where == nil {
		d.where = map[string]string{}
	}
	d.where[field] = where
}

func (d *Create) fail(p failure.Problem) {
	if d.bad == nil {
		d.bad = map[string]failure.Problem{}
	}
	d.bad[p.Field] = p
}

func (d *Create) quantity(field, text string) *int64 {
	if text == "" && field != stock.InitialQty {
		return nil
	}
	n, err := api.ParseQuantity(text)
	if err != nil {
		d.fail(failure.Problem{Where: d.where[field], Field: field, Value: text, What: err.Error()})
		return nil
	}
	if len(d.room) == cap(d.room) {
		d.room = make([]int64, 0, roomFor)
	}
	d.room = append(d.room, n)
	return &d.room[len(d.room)-1]
}

// roomFor is how many quantities are allocated together.
const roomFor = 128

// attributes parses {"Color":"Red"} or Color=Red;Storage=256GB.
func (d *Create) attributes(text string) map[string]string {
	where := d.where[stock.VariantAttributes]
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	out := map[string]string{}
	if strings.HasPrefix(text, "{") {
		if err := json.Unmarshal([]byte(text), &out); err != nil {
			d.fail(failure.Problem{Where: where, Field: stock.VariantAttributes, Value: text, What: `must be an object with text values, such as {"Color":"Red"}`})
			return nil
		}
		if !jsontext.Value(text).IsValid() { // has a duplicate name
			d.fail(failure.Problem{Where: where, Field: stock.VariantAttributes, Value: text, What: "names an attribute twice"})
			return nil
		}
		return out
	}
	for pair := range strings.SplitSeq(text, ";") {
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			d.fail(failure.Problem{Where: where, Field: stock.VariantAttributes, Value: text, What: "must be Key=Value pairs joined by ;"})
			return nil
		}
		key = strings.TrimSpace(key)
		if _, twice := out[key]; twice {
			d.fail(failure.Problem{Where: where, Field: stock.VariantAttributes, Value: text, What: fmt.Sprintf("names %s twice", key)})
			return nil
		}
		out[key] = strings.TrimSpace(value)
	}
	return out
}

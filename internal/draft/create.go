// Package draft gathers one request from where its fields come: flags, a file
// or a form. It knows which text goes into which field and where the text came
// from; whether a value is allowed is the request's own Validate, so that every
// source obeys one set of rules. It reads no files and asks nobody.
package draft

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// The fields of a create request, by the API's names.
const (
	ProductID         = "productId"
	SKUID             = "skuId"
	WarehouseID       = "warehouseId"
	InitialQty        = "initialQty"
	Location          = "location"
	ReorderLevel      = "reorderLevel"
	ReorderQty        = "reorderQty"
	VariantAttributes = "variantAttributes"
)

// CreateFields are the fields of a create request in the published order.
func CreateFields() []string {
	return []string{ProductID, SKUID, WarehouseID, InitialQty, Location, ReorderLevel, ReorderQty, VariantAttributes}
}

// RequiredFields are those that every create request must have.
func RequiredFields() []string { return []string{ProductID, WarehouseID, InitialQty} }

// Create is a create request being gathered. The zero value is an empty one
// that comes from the flags.
type Create struct {
	Request api.CreateRecord
	// Source is where the record begins: FILE:LINE:COLUMN, or blank for flags.
	Source string

	where map[string]string          // field → FILE:LINE:COLUMN or --flag
	bad   map[string]failure.Problem // field → what kept its text from being read
	extra []failure.Problem          // problems of no known field
}

// Set gives a field its value as text, replacing what it had. Blank text takes
// an optional field away. Where is told in messages.
func (d *Create) Set(field, text, where string) {
	d.place(field, where)
	switch field {
	case ProductID:
		d.Request.ProductID = text
	case SKUID:
		d.Request.SKUID = text
	case WarehouseID:
		d.Request.WarehouseID = text
	case Location:
		d.Request.Location = text
	case InitialQty:
		d.Request.InitialQty = d.quantity(field, text)
	case ReorderLevel:
		d.Request.ReorderLevel = d.quantity(field, text)
	case ReorderQty:
		d.Request.ReorderQty = d.quantity(field, text)
	case VariantAttributes:
		d.Request.VariantAttributes = d.attributes(text)
	}
}

// SetAttributes replaces the SKU's dimensions.
func (d *Create) SetAttributes(attributes map[string]string, where string) {
	d.place(VariantAttributes, where)
	d.Request.VariantAttributes = attributes
}

// AddAttribute adds one Key=Value to the SKU's dimensions.
func (d *Create) AddAttribute(pair, where string) {
	key, value, ok := strings.Cut(pair, "=")
	attributes := maps.Clone(d.Request.VariantAttributes)
	bad := d.bad[VariantAttributes]
	d.place(VariantAttributes, where)
	if bad.What != "" {
		d.fail(bad)
	}
	switch _, twice := attributes[key]; {
	case !ok:
		d.fail(failure.Problem{Where: where, Field: VariantAttributes, Value: pair, What: "must be Key=Value"})
	case twice:
		d.fail(failure.Problem{Where: where, Field: VariantAttributes, Value: pair, What: "is given twice"})
	default:
		if attributes == nil {
			attributes = map[string]string{}
		}
		attributes[key] = value
		d.Request.VariantAttributes = attributes
	}
}

// Missing lists the required fields that have no value yet, in order.
func (d *Create) Missing() []string {
	given := map[string]bool{
		ProductID:   d.Request.ProductID != "" || d.Request.SKUID != "", // a SKU's code says which product it is of
		WarehouseID: d.Request.WarehouseID != "",
		InitialQty:  d.Request.InitialQty != nil,
	}
	var out []string
	for _, field := range RequiredFields() {
		if _, bad := d.bad[field]; !given[field] && !bad {
			out = append(out, field)
		}
	}
	return out
}

// Problems lists every mistake in the order of the source: texts that cannot be
// read, and what the request's own Validate finds, each with its place. Missing
// fields are among them, placed where the record begins.
func (d *Create) Problems() []failure.Problem {
	out := slices.Clone(d.extra)
	if len(d.bad) > 0 {
		for _, field := range CreateFields() {
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

// byPlace orders FILE:LINE:COLUMN by line and column. What has no such place
// keeps its order.
func byPlace(a, b failure.Problem) int {
	lineA, columnA := place(a.Where)
	lineB, columnB := place(b.Where)
	return cmp.Or(cmp.Compare(lineA, lineB), cmp.Compare(columnA, columnB))
}

func place(where string) (line, column int) {
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

// named is the request with ids in place of names, which no rule for ids fits: of
// the warehouse and the SKU, and of a product where it holds blanks or is left to
// the SKU to say.
func (d *Create) named() api.CreateRecord {
	r := d.Request
	product := strings.TrimSpace(r.ProductID)
	if product == "" && strings.TrimSpace(r.SKUID) != "" || product == r.ProductID && strings.Contains(product, " ") {
		r.ProductID = "id"
	}
	for _, name := range []*string{&r.WarehouseID, &r.SKUID} {
		if strings.TrimSpace(*name) != "" {
			*name = "id"
		}
	}
	return r
}

// Given tells whether a field was named, if only to say that it is blank.
func (d *Create) Given(field string) bool { return d.where[field] != "" }

// Where tells the place a field's value came from: FILE:LINE:COLUMN, a flag, or
// the record's own place.
func (d *Create) Where(field string) string {
	if w := d.where[field]; w != "" {
		return w
	}
	return d.Source
}

func (d *Create) place(field, where string) {
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
	if text == "" && field != InitialQty {
		return nil
	}
	n, err := api.ParseQuantity(text)
	if err != nil {
		d.fail(failure.Problem{Where: d.where[field], Field: field, Value: text, What: err.Error()})
		return nil
	}
	return &n
}

// attributes reads {"Color":"Red"} or Color=Red;Storage=256GB.
func (d *Create) attributes(text string) map[string]string {
	where := d.where[VariantAttributes]
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	out := map[string]string{}
	if strings.HasPrefix(text, "{") {
		if err := json.Unmarshal([]byte(text), &out); err != nil {
			d.fail(failure.Problem{Where: where, Field: VariantAttributes, Value: text, What: `must be an object of texts, such as {"Color":"Red"}`})
			return nil
		}
		return out
	}
	for pair := range strings.SplitSeq(text, ";") {
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			d.fail(failure.Problem{Where: where, Field: VariantAttributes, Value: text, What: "must be Key=Value pairs joined by ;"})
			return nil
		}
		key = strings.TrimSpace(key)
		if _, twice := out[key]; twice {
			d.fail(failure.Problem{Where: where, Field: VariantAttributes, Value: text, What: fmt.Sprintf("names %s twice", key)})
			return nil
		}
		out[key] = strings.TrimSpace(value)
	}
	return out
}

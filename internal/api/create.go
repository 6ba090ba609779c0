package api

import (
	"context"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bayworks/stockctl/internal/api/plain"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/stock"
)

// MaxText is the longest location, reference or note that the API stores, in characters.
const MaxText = 255

// CreateRecord is the body of POST /v1/inventory. initialQty is always sent, even if it
// is 0; reorderLevel and reorderQty are absent if they are not given, which is not 0.
type CreateRecord struct {
	ProductID         string            `json:"productId"`
	SKUID             string            `json:"skuId,omitempty"` // for VARIABLE products only
	WarehouseID       string            `json:"warehouseId"`
	InitialQty        *int64            `json:"initialQty"`
	Location          string            `json:"location,omitempty"`
	ReorderLevel      *int64            `json:"reorderLevel,omitempty"`
	ReorderQty        *int64            `json:"reorderQty,omitempty"`
	VariantAttributes map[string]string `json:"variantAttributes,omitempty"`

	// Called is the record's name in messages; if blank, its ids. It is not sent.
	Called string `json:"-"`
}

// Text returns a pointer to the text field of that name, or nil.
func (r *CreateRecord) Text(field string) *string {
	switch field {
	case stock.ProductID:
		return &r.ProductID
	case stock.SKUID:
		return &r.SKUID
	case stock.WarehouseID:
		return &r.WarehouseID
	case stock.Location:
		return &r.Location
	}
	return nil
}

// Number returns a pointer to the quantity field of that name, or nil.
func (r *CreateRecord) Number(field string) **int64 {
	switch field {
	case stock.InitialQty:
		return &r.InitialQty
	case stock.ReorderLevel:
		return &r.ReorderLevel
	case stock.ReorderQty:
		return &r.ReorderQty
	}
	return nil
}

// Validate returns every mistake in the request, in the order of its fields, with
// Field, Value and What set. The rules are the same for all sources of requests.
func (r CreateRecord) Validate() []failure.Problem {
	var found problems
	fields := stock.CreateFields()
	for i := range fields {
		switch f := &fields[i]; f.Type {
		case stock.ID:
			if id := *r.Text(f.Name); f.Required || id != "" {
				found.add(CheckID(f.Name, id))
			}
		case stock.Quantity:
			qty := *r.Number(f.Name)
			if f.Required && qty == nil {
				found.say(f.Name, "", "is required")
			}
			found.add(checkStock(f.Name, qty))
		case stock.Line:
			found.add(checkLine(f.Name, *r.Text(f.Name)))
		case stock.Attributes:
			found.attributes(r.VariantAttributes)
		}
	}
	return found
}

// CreateRecord adds a record: POST /v1/inventory. An *Error with the reason
// ReasonDuplicate means that the warehouse already has the product or SKU.
func (c *Client) CreateRecord(ctx context.Context, r CreateRecord) (Created, error) {
	record, status, err := write(ctx, c, "POST", "/v1/inventory", r, r.differs)
	return Created{record, status == http.StatusCreated}, err
}

// Created is the response to a create.
type Created struct {
	Record
	// Fresh means that the API returned 201 Created. With another 2xx, the record
	// may have existed before.
	Fresh bool `json:"-"`
}

// problems collects mistakes.
type problems []failure.Problem

func (p *problems) add(one *failure.Problem) {
	if one != nil {
		*p = append(*p, *one)
	}
}

func (p *problems) say(field, value, what string) {
	*p = append(*p, failure.Problem{Field: field, Value: value, What: what})
}

// attributes checks the attributes of a SKU, in the order of their names.
func (p *problems) attributes(all map[string]string) {
	if len(all) == 0 { // most rows of an import
		return
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		value := all[name]
		field := "variantAttributes." + name
		switch {
		case strings.TrimSpace(name) == "":
			p.say("variantAttributes", "", "has an attribute without a name")
		case strings.TrimSpace(value) == "":
			p.say(field, value, "has no value")
		default:
			p.add(checkLine("variantAttributes", name))
			p.add(checkLine(field, value))
		}
	}
}

// checkStock requires that a quantity or level is within 0 … 2147483647.
func checkStock(field string, qty *int64) *failure.Problem {
	if qty == nil || *qty >= 0 && *qty <= math.MaxInt32 {
		return nil
	}
	what := "must be 0 or more"
	if *qty > 0 {
		what = fmt.Sprintf("must be at most %d", math.MaxInt32)
	}
	return &failure.Problem{Field: field, Value: strconv.FormatInt(*qty, 10), What: what}
}

// checkLine requires that a text is one line of at most 255 characters.
func checkLine(field, value string) *failure.Problem {
	switch {
	case plain.IsWord(value):
		return nil
	case !utf8.ValidString(value):
		return &failure.Problem{Field: field, Value: value, What: "is not valid UTF-8 text"}
	case strings.ContainsFunc(value, plain.IsControl):
		return &failure.Problem{Field: field, Value: value, What: "contains a control character"}
	case strings.ContainsFunc(value, unseen):
		return &failure.Problem{Field: field, Value: value, What: fmt.Sprintf("contains an invisible character (%U)", plain.First(value, unseen))}
	case utf8.RuneCountInString(value) > MaxText:
		return &failure.Problem{Field: field, Value: value, What: fmt.Sprintf("is longer than %d characters", MaxText)}
	}
	return nil
}

// unseen reports whether a character is invisible and no script needs it. Some scripts
// need the two joiners.
func unseen(r rune) bool { return plain.IsInvisible(r) && r != '\u200c' && r != '\u200d' }

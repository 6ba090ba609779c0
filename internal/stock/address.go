package stock

import (
	"cmp"
	"strings"
	"unicode"

	"github.com/bayworks/stockctl/internal/failure"
)

// Address names a record by its item and warehouse, or an item in all warehouses:
// PRODUCT[/SKU][@WAREHOUSE]. The parts are ids. As typed by a person, each part may also
// be the merchant's code, a barcode or a name.
type Address struct {
	Product   string `json:"product,omitempty"`   // as typed, it may also be a SKU
	SKU       string `json:"sku,omitempty"`       // blank: none or any
	Warehouse string `json:"warehouse,omitempty"` // blank: every warehouse
}

// TypedAddress is an address as a person typed it.
type TypedAddress struct {
	Address
	// Joined is PRODUCT/SKU without quotes: the slash may belong to one id or code. It
	// is blank if quotes make that clear.
	Joined string
}

// ParseAddress parses ITEM[/SKU][@WAREHOUSE]. A part that contains a slash, an @ or a
// quote must be in double quotes, with each quote in it doubled: "A/B"@HRB. Without
// quotes, the item ends at the first slash and the warehouse begins after the last @, so
// that a SKU's code may contain slashes.
func ParseAddress(text string) (TypedAddress, error) {
	a, ok := parseStrict(text)
	if !ok {
		a, ok = parseLoose(text)
	}
	if !ok {
		return TypedAddress{}, failure.Usagef("%q is not an address: write ITEM[@WAREHOUSE], for example KET-RED@HRB, or PRODUCT/SKU@WAREHOUSE", text).
			Hint(`put a part that contains / or @ in double quotes: '"A/B"@HRB'`)
	}
	typed := TypedAddress{Address: a}
	if joined := a.Product + "/" + a.SKU; a.SKU != "" && strings.HasPrefix(text, joined) {
		typed.Joined = joined
	}
	return typed, nil
}

// Whole returns an address without a warehouse as a single id or code.
func (a TypedAddress) Whole() string { return cmp.Or(a.Joined, a.Product) }

// Explicit returns the address with the item in quotes, so that a slash in it is
// unambiguous.
func (a Address) Explicit() string {
	s := a.String()
	if strings.HasPrefix(s, `"`) {
		return s
	}
	return `"` + a.Product + `"` + strings.TrimPrefix(s, a.Product)
}

// parseStrict parses an address in which every / and @ outside quotes is a separator.
func parseStrict(text string) (a Address, ok bool) {
	if a.Product, text, ok = part(text); !ok {
		return Address{}, false
	}
	if rest, more := strings.CutPrefix(text, "/"); more {
		if a.SKU, text, ok = part(rest); !ok {
			return Address{}, false
		}
	}
	if rest, more := strings.CutPrefix(text, "@"); more {
		if a.Warehouse, text, ok = part(rest); !ok {
			return Address{}, false
		}
	}
	return a, text == ""
}

// part parses one part, which must not be blank.
func part(text string) (value, rest string, ok bool) {
	if !strings.HasPrefix(text, `"`) {
		end := strings.IndexAny(text, "/@")
		if end < 0 {
			end = len(text)
		}
		return text[:end], text[end:], end > 0
	}
	var b strings.Builder
	for text = text[1:]; ; {
		before, after, closed := strings.Cut(text, `"`)
		if !closed {
			return "", "", false
		}
		b.WriteString(before)
		if !strings.HasPrefix(after, `"`) {
			return b.String(), after, b.Len() > 0
		}
		b.WriteByte('"')
		text = after[1:]
	}
}

// parseLoose parses an address without quotes in which some part contains a separator.
func parseLoose(text string) (Address, bool) {
	item, warehouse, hasWarehouse := cutLast(text, "@")
	product, sku, hasSKU := strings.Cut(item, "/")
	a := Address{Product: product, SKU: sku, Warehouse: warehouse}
	quoted := strings.HasPrefix(product, `"`) || strings.HasPrefix(sku, `"`) || strings.HasPrefix(warehouse, `"`)
	if quoted || product == "" || hasSKU && sku == "" || hasWarehouse && warehouse == "" {
		return Address{}, false
	}
	return a, true
}

// quoted returns one part of an address as ParseAddress reads it.
func quoted(part string) string {
	special := func(r rune) bool { return r == '/' || r == '@' || r == '"' || unicode.IsSpace(r) }
	if part != "" && !strings.ContainsFunc(part, special) {
		return part
	}
	return `"` + strings.ReplaceAll(part, `"`, `""`) + `"`
}

// String returns the address as ParseAddress reads it.
func (a Address) String() string {
	s := quoted(a.Product)
	if a.SKU != "" {
		s += "/" + quoted(a.SKU)
	}
	if a.Warehouse != "" {
		s += "@" + quoted(a.Warehouse)
	}
	return s
}

// Short returns the address as a person would type it, with quotes only if they are
// needed.
func (a Address) Short() string {
	s := a.Product
	if a.SKU != "" {
		s += "/" + a.SKU
	}
	if a.Warehouse != "" {
		s += "@" + a.Warehouse
	}
	if back, err := ParseAddress(s); err == nil && back.Address == a {
		return s
	}
	return a.String()
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

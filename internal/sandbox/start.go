package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/bayworks/stockctl/internal/failure"
)

// maxStartFile limits the size of a start file, in bytes. A shop of 100,000 SKUs
// fits.
const maxStartFile = 64 << 20

// Start is the shop that a sandbox begins with: its warehouses, products and
// stock. The zero value is an empty shop; ReadStart reads one from a file.
type Start struct {
	warehouses []*warehouse
	products   []*product
	records    []startRecord
	builtIn    bool
}

// startRecord is a record with the quantities received and sold before.
type startRecord struct {
	record
	received int64
}

// The format of a start file. Products look as they do in API responses; `skus`
// is a shorter way to write variants.
type (
	startFile struct {
		Warehouses []startWarehouse `json:"warehouses" yaml:"warehouses"`
		Products   []startProduct   `json:"products" yaml:"products"`
		Records    []startStock     `json:"records" yaml:"records"`
	}
	startWarehouse struct {
		ID        string  `json:"id" yaml:"id"`
		Code      string  `json:"code" yaml:"code"`
		Name      string  `json:"name" yaml:"name"`
		Address   *string `json:"address" yaml:"address"`
		IsDefault bool    `json:"isDefault" yaml:"isDefault"`
		Active    *bool   `json:"active" yaml:"active"`
		Type      string  `json:"type" yaml:"type"`
	}
	startProduct struct {
		ID            string            `json:"id" yaml:"id"`
		Name          string            `json:"name" yaml:"name"`
		ProductType   string            `json:"productType" yaml:"productType"`
		SKU           string            `json:"sku,omitempty" yaml:"sku"`
		Price         float64           `json:"price" yaml:"price"`
		Archived      bool              `json:"archived,omitempty" yaml:"archived"`
		CreatedAt     string            `json:"createdAt,omitempty" yaml:"createdAt"`
		Attributes    map[string]string `json:"attributes,omitempty" yaml:"attributes"`
		VariantGroups []startGroup      `json:"variantGroups,omitempty" yaml:"variantGroups"`
		SKUs          []startSKU        `json:"skus,omitempty" yaml:"skus"`
	}
	startGroup struct {
		ID             string     `json:"id" yaml:"id"`
		AttributeName  string     `json:"attributeName" yaml:"attributeName"`
		AttributeValue string     `json:"attributeValue" yaml:"attributeValue"`
		SKUs           []startSKU `json:"skus" yaml:"skus"`
	}
	startSKU struct {
		ID         string            `json:"id" yaml:"id"`
		SKU        string            `json:"sku" yaml:"sku"`
		Price      float64           `json:"price" yaml:"price"`
		Quantity   *wholeNumber      `json:"quantityInStock,omitempty" yaml:"quantityInStock"` // ignored: records have the quantities
		Attributes map[string]string `json:"attributes,omitempty" yaml:"attributes"`
	}
	startStock struct {
		ID           string       `json:"id" yaml:"id"`
		ProductID    string       `json:"productId" yaml:"productId"`
		SKUID        string       `json:"skuId" yaml:"skuId"`
		SKU          string       `json:"sku" yaml:"sku"`
		Warehouse    string       `json:"warehouse" yaml:"warehouse"`
		OnHand       wholeNumber  `json:"onHandQty" yaml:"onHandQty"`
		Reserved     wholeNumber  `json:"reservedQty" yaml:"reservedQty"`
		Location     *string      `json:"location" yaml:"location"`
		ReorderLevel *wholeNumber `json:"reorderLevel" yaml:"reorderLevel"`
		ReorderQty   *wholeNumber `json:"reorderQty" yaml:"reorderQty"`
	}
)

// ReadStart reads a shop from YAML or JSON: warehouses, products with codes, and
// records that refer to both. Ids are optional: missing ones are derived from the
// codes, so they are always the same. Unknown fields are an error. Every error is
// of the kind Usage.
func ReadStart(r io.Reader) (*Start, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxStartFile+1))
	if err != nil {
		return nil, failure.Usagef("reading the start file: %w", err)
	}
	if len(data) > maxStartFile {
		return nil, failure.Usagef("the start file is longer than %d bytes", maxStartFile)
	}
	var file startFile
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if trimmed := bytes.TrimSpace(data); len(trimmed) > 0 && trimmed[0] == '{' {
		err = decodeJSON(data, &file)
	} else {
		err = decodeYAML("start file", "warehouses, products and records", data, &file)
	}
	if err != nil {
		return nil, err
	}
	return file.start()
}

func decodeJSON(data []byte, to any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(to)
	if err == nil {
		if _, more := decoder.Token(); errors.Is(more, io.EOF) {
			return nil
		}
		err = errors.New("it contains more than one JSON value")
	}
	at := decoder.InputOffset()
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &kind):
		at = kind.Offset
		err = fmt.Errorf("%s must not be a %s", kind.Field, kind.Value)
	}
	line := 1 + bytes.Count(data[:min(at, int64(len(data)))], []byte("\n"))
	return failure.Usagef("the start file is not valid at line %d: %w", line, err)
}

// groups returns the variant groups. SKUs written the short way are grouped by the
// value of their first attribute.
func (p startProduct) groups() []startGroup {
	out := slices.Clone(p.VariantGroups)
	for _, k := range p.SKUs {
		name, value := "Variant", k.SKU
		if keys := slices.Sorted(maps.Keys(k.Attributes)); len(keys) > 0 {
			name, value = keys[0], k.Attributes[keys[0]]
		}
		i := slices.IndexFunc(out, func(g startGroup) bool { return g.AttributeName == name && g.AttributeValue == value })
		if i < 0 {
			i = len(out)
			out = append(out, startGroup{AttributeName: name, AttributeValue: value})
		}
		out[i].SKUs = append(out[i].SKUs, k)
	}
	return out
}

package columns

import (
	"maps"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/stock"
)

// suggestion returns a command to try next, with the best guess for each missing field.
func (c *Mapping) suggestion(missing []string) string {
	o := *c.options
	o.Map = slices.DeleteFunc(slices.Clone(o.Map), func(r Rule) bool {
		field, _, _ := r.parts()
		return !c.used[slices.Index(c.options.Map, r)] || field != fieldNone && !takes(c.mode, field)
	})
	o.Fill = maps.Clone(o.Fill)
	var more, open []string
	left, wide := c.unmappedNames(), c.wideColumn()
	for _, field := range missing {
		name, is := guess(c, field)
		field, _, _ = strings.Cut(field, " ")
		switch {
		case wide != "" && field == stock.WarehouseID: // the headers name the warehouses
		case wide != "" && field == quantityOf(c.mode):
			o.Map = append(o.Map, Rule{Header: wide, Field: field + "@*"})
			if o.Blank == "" {
				more = append(more, "--blank skip")
			}
		case name != "":
			o.Map = append(o.Map, Rule{Header: name, Field: is})
			left = slices.DeleteFunc(left, func(one string) bool { return one == name })
		case field == stock.WarehouseID && c.mode == Count:
			more = append(more, "--warehouse WAREHOUSE")
		case field == stock.WarehouseID:
			more = append(more, "--fill warehouseId=WAREHOUSE")
		case field == stock.ProductID: // any name of the item will do
			open = append(open, fieldSKUCode)
		default:
			open = append(open, field)
		}
	}
	if code := c.betterItem(); code != "" {
		o.Map = append(o.Map, Rule{Header: code, Field: fieldSKUCode})
		left = slices.DeleteFunc(left, func(one string) bool { return one == code })
	}
	for _, field := range open {
		if len(left) == 0 {
			more = append(more, "--fill "+field+"=VALUE")
		} else { // not even the only column left: it may be anything
			more = append(more, "--map HEADER="+field)
		}
	}
	o.IgnoreUnknown = o.IgnoreUnknown || len(left) > 0
	return o.line(more)
}

// betterItem returns an unknown column that is likely to be the merchant's code, in a
// table that names items only by barcode or name; "" if there is none.
func (c *Mapping) betterItem() string {
	if !c.Has(fieldBarcode) && !c.Has(fieldName) || slices.ContainsFunc([]string{stock.ProductID, fieldSKUCode, FieldRecord}, c.Has) {
		return ""
	}
	name, field := guess(c, fieldSKUCode)
	if field != fieldSKUCode || !slices.Contains(c.unmappedNames(), name) {
		return ""
	}
	return name
}

// unmappedNames returns the headers of the unknown columns.
func (c *Mapping) unmappedNames() (names []string) {
	for _, i := range c.unknown {
		names = append(names, c.names[i])
	}
	return names
}

// wideColumn returns the header of the columns per warehouse, with a * in place of the
// warehouse; "" if there are none. If there are several kinds of them, it is the one that
// is most likely the quantity.
func (c *Mapping) wideColumn() (best string) {
	if c.isWarehouse == nil || c.mode == Move || c.Has(quantityOf(c.mode)) || c.Has(stock.WarehouseID) {
		return ""
	}
	words := synonyms(quantityOf(c.mode))
	rank := func(pattern string) int {
		word := plainWord(pattern)
		if at := slices.Index(words, word); at >= 0 || word == "" {
			return at
		}
		return len(words)
	}
	for _, column := range c.unknown {
		if one := c.pattern(c.names[column]); one != "" && (best == "" || rank(one) < rank(best)) {
			best = one
		}
	}
	return best
}

// pattern returns a header with a * in place of the longest part that names a warehouse;
// "" if none does.
func (c *Mapping) pattern(name string) (out string) {
	const between = " _-()[]/:."
	edge := func(at int) bool {
		return at == 0 || at == len(name) || strings.ContainsAny(name[at-1:at], between) || strings.ContainsAny(name[at:at+1], between)
	}
	longest := 0
	for from := range name {
		for to := len(name); edge(from) && to-from > longest; to-- {
			part := name[from:to]
			if edge(to) && (c.isWarehouse(part) || c.isWarehouse(strings.ReplaceAll(part, "_", " "))) {
				out, longest = name[:from]+"*"+name[to:], to-from
			}
		}
	}
	return out
}

// Line returns the command line that reads a table with these options.
func (o *Reading) Line() string { return o.line(nil) }

func (o *Reading) line(more []string) string {
	words := append([]string{o.command(), failure.Arg(o.File)}, o.Typed...)
	if slices.Contains(stock.Modes(), string(o.Mode)) && o.Mode != Create {
		words = append(words, "--mode "+string(o.Mode))
	}
	for _, r := range o.Map {
		if !r.Optional {
			words = append(words, r.flag())
		}
	}
	for _, v := range o.Values {
		words = append(words, "--value "+failure.Arg(v.Field+":"+v.From+"="+v.To))
	}
	for _, field := range slices.Sorted(maps.Keys(o.Fill)) {
		words = append(words, "--fill "+failure.Arg(field+"="+o.Fill[field]))
	}
	words = append(words, more...)
	if o.IgnoreUnknown {
		words = append(words, "--ignore-unknown")
	}
	return strings.Join(words, " ")
}

// flag returns a rule as a flag to type.
func (r Rule) flag() string { return "--map " + failure.Arg(r.Header+"="+r.Field) }

// command returns the words before the file.
func (o *Reading) command() string {
	switch {
	case o.Command != "":
		return o.Command
	case o.Mode == Count:
		return "stockctl inventory count"
	case o.Mode == Move:
		return "stockctl inventory transfer -f"
	}
	return "stockctl inventory import"
}

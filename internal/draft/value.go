package draft

import (
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/stock"
)

// FromValue reads a create request from a mapping in a YAML or JSON file. Mistakes
// become Problems of the draft.
func FromValue(v intake.Value) *Create {
	d := &Create{Source: v.Pos.String()}
	for _, f := range v.Fields {
		d.field(f)
	}
	if n := d.names[stock.Code]; n != "" && d.Request.SKUID == "" { // a SKU's code needs no product, and is accepted like an id
		d.Set(stock.SKUID, n, d.where[stock.Code])
		delete(d.names, stock.Code)
	}
	return d
}

func (d *Create) field(f intake.Field) {
	where := f.Value.Pos.String()
	switch {
	case f.Name == stock.VariantAttributes:
		d.mapping(f.Value, where)
	case d.Request.Number(f.Name) != nil:
		d.number(f.Name, f.Value, where)
	case d.Request.Text(f.Name) != nil, slices.Contains(stock.NameFields(), f.Name):
		d.text(f.Name, f.Value, where)
	default:
		d.extra = append(d.extra, unknownField(f))
	}
}

func unknownField(f intake.Field) failure.Problem {
	fields := append(stock.FieldNames(), stock.NameFields()...)
	what := "is not a field of an inventory record: the fields are " + strings.Join(fields, ", ")
	if near := failure.Nearest(f.Name, fields); len(near) > 0 {
		what = "is not a field of an inventory record: did you mean " + near[0] + "?"
	}
	return failure.Problem{Where: f.Pos.String(), Field: f.Name, What: what}
}

// text sets a text field. It rejects numbers instead of converting them: 00123 and
// 1e3 would not keep their spelling.
func (d *Create) text(field string, v intake.Value, where string) {
	switch v.Type {
	case intake.Text:
		d.Set(field, v.Text, where)
	case intake.Null:
		d.Set(field, "", where)
	case intake.Number, intake.Bool:
		d.wrongType(field, v, `must be text: write it in quotes, "`+v.Text+`"`)
	default:
		d.wrongType(field, v, "must be text, not "+noun(v.Type))
	}
}

func (d *Create) number(field string, v intake.Value, where string) {
	switch v.Type {
	case intake.Number:
		d.Set(field, v.Text, where)
	case intake.Null:
		d.setPlace(field, where)
	case intake.Text:
		what := "must be a whole number, not text"
		if strings.Trim(v.Text, "+-0123456789") == "" && v.Text != "" {
			what = "must be a whole number, not text: remove the quotes"
		}
		d.wrongType(field, v, what)
	default:
		d.wrongType(field, v, "must be a whole number, not "+noun(v.Type))
	}
}

func (d *Create) mapping(v intake.Value, where string) {
	d.setPlace(stock.VariantAttributes, where)
	if v.Type == intake.Null {
		return
	}
	if v.Type != intake.Map {
		d.wrongType(stock.VariantAttributes, v, "must be a mapping such as {Color: Red}, not "+noun(v.Type))
		return
	}
	attributes := map[string]string{}
	for _, f := range v.Fields {
		if f.Value.Type != intake.Text {
			p := failure.Problem{Where: f.Value.Pos.String(), Field: stock.VariantAttributes + "." + f.Name, Value: f.Value.Text, What: "must be text, not " + noun(f.Value.Type)}
			if f.Value.Type == intake.Number || f.Value.Type == intake.Bool {
				p.What = `must be text: write it in quotes, "` + f.Value.Text + `"`
			}
			d.extra = append(d.extra, p)
			continue
		}
		attributes[f.Name] = f.Value.Text
	}
	if len(attributes) > 0 {
		d.Request.VariantAttributes = attributes
	}
}

func (d *Create) wrongType(field string, v intake.Value, what string) {
	d.setPlace(field, v.Pos.String())
	d.fail(failure.Problem{Where: v.Pos.String(), Field: field, Value: v.Text, What: what})
}

func noun(t intake.Type) string {
	switch t {
	case intake.Map:
		return "a mapping"
	case intake.List:
		return "a list"
	case intake.Bool:
		return "true or false"
	case intake.Number:
		return "a number"
	case intake.Null:
		return "nothing"
	}
	return "text"
}

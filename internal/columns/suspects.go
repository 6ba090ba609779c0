package columns

import (
	"fmt"
	"slices"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/stock"
)

// suspects are unmapped columns that may matter after all: if the table has no warehouse
// column, those in which every value names a warehouse; and those without a name that
// have values.
type suspects struct {
	places   []suspect
	watched  int // columns already added
	reported bool
	Failed   error // names could not be read
}

// suspect is a column in which every value so far names a warehouse.
type suspect struct {
	column int
	where  string // of its first value
	value  string
}

// watch examines the unmapped columns.
func (p *Parser) watch(raw *intake.Row) []failure.Problem {
	c := p.Mapping
	for ; p.watched < len(c.free); p.watched++ {
		if c.mode != Move && !p.byRecord() && len(c.Groups) == 0 && !slices.Contains(c.target, c.index(fieldWarehouse)) {
			p.places = append(p.places, suspect{column: c.free[p.watched]})
		}
	}
	if len(p.places) > 0 {
		p.places = slices.DeleteFunc(p.places, func(s suspect) bool {
			return s.column < len(raw.Cells) && raw.Cells[s.column] != "" && !c.isWarehouse(raw.Cells[s.column])
		})
		for i, s := range p.places {
			if s.where == "" && s.column < len(raw.Cells) && raw.Cells[s.column] != "" {
				p.places[i].where, p.places[i].value = p.reader.Pos(raw, s.column).String(), raw.Cells[s.column]
			}
		}
	}
	if p.reported || p.options.IgnoreUnknown || p.options.Only {
		return nil
	}
	for _, column := range c.unnamed {
		if column < len(raw.Cells) && raw.Cells[column] != "" {
			p.reported = true
			return []failure.Problem{{Where: p.reader.Pos(raw, column).String(), What: "this cell is in a column without a name (--ignore-unknown ignores it)"}}
		}
	}
	return nil
}

// Warehouses returns a problem for each unmapped column with names of warehouses.
func (p *Parser) Warehouses() (out []failure.Problem) {
	for _, s := range p.places {
		if s.where == "" {
			continue
		}
		name := p.Mapping.names[s.column]
		what := fmt.Sprintf(
			"the values of this column name warehouses, such as %q: map it with --map %s, or ignore it with --map %s",
			s.value, failure.Arg(name+"="+stock.WarehouseID), failure.Arg(name+"="+fieldNone),
		)
		out = append(out, failure.Problem{Where: s.where, Field: name, What: what})
	}
	return out
}

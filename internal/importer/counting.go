package importer

import (
	"errors"

	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
)

// CountRow is a row of a count: how many units of an item are on the shelf.
type CountRow struct {
	Key      Key
	Qty      int64
	Baseline *int64 // on hand when the file was made; nil: not given
}

// Counts returns the usable rows of a count. place returns the item and warehouse of a
// record by its id. Rows of warehouses that are not being counted are left out, just as
// when the file names the warehouse.
func (p *Plan) Counts(place func(record string) (Key, bool)) ([]CountRow, error) {
	if p.Rows+p.Outside == 0 {
		return nil, failure.Usagef("%s has no rows: there is nothing to count", p.name)
	}
	var out []CountRow
	found := &mistakes{source: p.name}
	err := p.rewrite(func(w *ledger.Write) error {
		if w.Decided != nil {
			return nil
		}
		row := CountRow{Key: w.Key, Qty: w.Want}
		if record := w.Key.Record; record != "" {
			key, known := place(record)
			also, hasOther := otherName(w.Key)
			wrong, code := "", ""
			switch {
			case !known:
				wrong, code = "is not an inventory record of this store", failure.CodeUnknownRecord
			case hasOther && also != key:
				wrong, code = "is not the record that the rest of the row names: was one column sorted without the others?", failure.CodeContradicting
			}
			if wrong != "" {
				problem, err := p.problem(w, columns.FieldRecord, record, wrong)
				problem.Code = code
				found.add(w.N, problem)
				w.Decided = invalid(problem)
				return err
			}
			row.Key = key
		}
		if in := p.options.Warehouse; in != "" && row.Key.Warehouse != in {
			w.Decided = columns.OtherWarehouse()
			p.LeftOut[w.Decided.Code]++
			return nil
		}
		if w.HasBaseline {
			was := w.Baseline
			row.Baseline = &was
		}
		out = append(out, row)
		return nil
	})
	if err != nil {
		return nil, err
	}
	p.wrong.merge(found)
	return out, p.mistakesInRows()
}

// WriteRejects writes the unusable rows to a file, for commands that do not send the
// plan. The file goes next to the input, or into dir. The name is blank if there are no
// such rows.
func (p *Plan) WriteRejects(named, dir string) (name string, err error) {
	if p.Invalid() == 0 {
		return "", nil
	}
	rows, err := openRows(p, "rejects", named, dir)
	if err != nil {
		return "", err
	}
	err = p.writes.Each(func(w *ledger.Write) error {
		if w.Decided == nil || w.Decided.State != journal.Invalid {
			return nil
		}
		return rows.write(w, *w.Decided)
	})
	return rows.file.Name(), errors.Join(err, rows.close())
}

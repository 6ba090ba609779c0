package importer

import (
	"errors"

	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
)

// CountRow is a row of a count: how many of an item are on the shelf.
type CountRow struct {
	Key      Key
	Qty      int64
	Baseline *int64 // what was on hand when the file was made; nil: it does not say
}

// Counts returns the rows of a count that are to be used. place finds the item and
// the warehouse of a record by its id; rows of another warehouse than the one that is
// counted are left out, as they are where the file names the warehouse.
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
			also, weak := weaker(w.Key)
			wrong, code := "", ""
			switch {
			case !known:
				wrong, code = "is no inventory record of this store", failure.CodeUnknownRecord
			case weak && also != key:
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
	return out, p.verdictOnRows()
}

// WriteRejects writes the rows that cannot be used into a file, for a command that
// sends no plan: next to the input, or in dir. The name is blank when there are none.
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

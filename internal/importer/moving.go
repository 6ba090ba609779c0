package importer

import "github.com/bayworks/stockctl/internal/ledger"

// MoveRow is a row of a file of transfers: a quantity of an item to move from one
// warehouse to another.
type MoveRow struct {
	N         int64 // row number, from 1
	Line      int   // line on which the row begins
	ProductID string
	SKUID     string // blank for none
	From, To  string // warehouse ids
	Qty       int64
	Notes     string
}

// Mistake is why the store would refuse a row.
type Mistake struct {
	Field string // the field with the mistake, named as in the file's columns
	What  string
	Code  string // a stable word
}

// receiver is the warehouse that receives what a row moves.
type receiver struct {
	n  int64
	id string
}

// Digest is the SHA-256 of the input, hex.
func (p *Plan) Digest() string { return p.digest }

// Moves returns the valid rows of a file of transfers. There may be none: low-stock
// writes a file without rows if no warehouse has stock to spare. Refuse reports the
// mistakes in the other rows, and must be called before anything is moved.
func (p *Plan) Moves() (rows []MoveRow, err error) {
	next := 0 // the receivers are in the order of the rows
	err = p.writes.Each(func(w *ledger.Write) error {
		if w.Decided != nil {
			return nil
		}
		for p.receivers[next].n != w.N {
			next++
		}
		rows = append(rows, MoveRow{
			N: w.N, Line: w.Line, ProductID: w.Key.Product, SKUID: w.Key.SKU, From: w.Key.Warehouse, To: p.receivers[next].id,
			Qty: w.Change.Qty, Notes: w.Change.Notes,
		})
		return nil
	})
	return rows, err
}

// Refuse adds the mistakes that the store reveals, by row number. The returned error
// lists all mistakes in the file with their places, unless --skip-invalid leaves such
// rows out.
func (p *Plan) Refuse(all map[int64]Mistake) error {
	found := &mistakes{source: p.name}
	err := p.rewrite(func(w *ledger.Write) error {
		mistake, wrong := all[w.N]
		if !wrong || w.Decided != nil {
			return nil
		}
		problem, err := p.problem(w, mistake.Field, "", mistake.What)
		problem.Code = mistake.Code
		found.add(w.N, problem)
		w.Decided = invalid(problem)
		return err
	})
	if err != nil {
		return err
	}
	p.wrong.merge(found)
	return p.mistakesInRows()
}

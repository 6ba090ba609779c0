package importer

import "github.com/bayworks/stockctl/internal/ledger"

// MoveRow is a row of a file of transfers: a quantity of an item that goes from one
// warehouse to another.
type MoveRow struct {
	N         int64 // the number of the row, from 1
	Line      int   // where it begins
	ProductID string
	SKUID     string // blank for none
	From, To  string // the ids of two warehouses
	Qty       int64
	Notes     string
}

// Mistake is what the store has against a row.
type Mistake struct {
	Field string // that is to blame, as the file's columns are called
	What  string
	Code  string // a stable word
}

// taker is the warehouse that takes what a row moves.
type taker struct {
	n  int64
	id string
}

// Digest is the SHA-256 of the input, hex.
func (p *Plan) Digest() string { return p.digest }

// Moves returns the valid rows of a file of transfers. There may be none: low-stock
// writes such a file when no warehouse can spare anything. The mistakes in the other
// rows are reported by Refuse, which must be called before anything is moved.
func (p *Plan) Moves() (rows []MoveRow, err error) {
	next := 0 // the takers come in the order of the rows
	err = p.writes.Each(func(w *ledger.Write) error {
		if w.Decided != nil {
			return nil
		}
		for p.takers[next].n != w.N {
			next++
		}
		rows = append(rows, MoveRow{
			N: w.N, Line: w.Line, ProductID: w.Key.Product, SKUID: w.Key.SKU, From: w.Key.Warehouse, To: p.takers[next].id,
			Qty: w.Change.Qty, Notes: w.Change.Notes,
		})
		return nil
	})
	return rows, err
}

// Refuse adds what the store has against rows, by their numbers. The error lists all
// mistakes in the file with their places, unless invalid rows may be left out.
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
	return p.verdictOnRows()
}

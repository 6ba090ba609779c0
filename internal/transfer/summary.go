package transfer

import "fmt"

// Done reports whether both halves are applied and neither was reversed.
func (p *Plan) Done() bool {
	return p.state(Out) == Applied && p.state(In) == Applied && p.state(BackIn) == Open && p.state(BackOut) == Open
}

// Undone reports whether every applied half was reversed.
func (p *Plan) Undone() bool {
	return p.state(BackOut) == Applied && p.state(Out) == Applied && p.state(In) == p.state(BackIn) && p.state(In) != Sent
}

// halfway reports whether stock has left one warehouse and is in neither: the applied
// halves do not add up to zero.
func (p *Plan) halfway() bool {
	sum := 0
	for h, sign := range map[Half]int{Out: -1, In: 1, BackIn: -1, BackOut: 1} {
		if p.state(h) == Applied {
			sum += sign
		}
	}
	return sum != 0
}

// what returns the quantity and the item: "12 of prod_abc123".
func (p *Plan) what() string {
	if p.Item() == "" {
		return fmt.Sprint(p.Qty)
	}
	return fmt.Sprintf("%d of %s", p.Qty, p.Item())
}

// Summary describes the known state of the transfer in one clause.
func (p *Plan) Summary() string {
	out, in, backIn, backOut := p.state(Out), p.state(In), p.state(BackIn), p.state(BackOut)
	what, from, to := p.what(), p.From.Label, p.To.Label
	switch {
	case p.Undone():
		return fmt.Sprintf("%s are back in %s", what, from)
	case backIn == Applied && backOut == Sent:
		return fmt.Sprintf("%s were taken back from %s, and it is not known whether they are back in %s", what, to, from)
	case backIn == Applied:
		return fmt.Sprintf("%s were taken back from %s and are not yet back in %s", what, to, from)
	case backIn == Sent && in == Applied:
		return fmt.Sprintf("it is not known whether %s were taken back from %s", what, to)
	case backOut == Sent && out == Applied && in == Open:
		return fmt.Sprintf("%s left %s and have not arrived in %s, and it is not known whether they are back", what, from, to)
	case backOut == Applied:
		return fmt.Sprintf("%s are in %s and back in %s, too", what, to, from)
	}
	return p.summaryForward(what, out, in)
}

func (p *Plan) summaryForward(what string, out, in State) string {
	from, to := p.From.Label, p.To.Label
	switch {
	case out == Applied && in == Applied:
		return fmt.Sprintf("%s are in %s", what, to)
	case out == Applied && in == Sent:
		return fmt.Sprintf("%s left %s, and it is not known whether they arrived in %s", what, from, to)
	case out == Applied:
		return fmt.Sprintf("%s left %s and have not arrived in %s", what, from, to)
	case in == Applied:
		return fmt.Sprintf("%s arrived in %s, and are not known to have left %s", what, to, from)
	case out == Sent:
		return fmt.Sprintf("it is not known whether %s left %s; none arrived in %s", what, from, to)
	}
	return fmt.Sprintf("%s were not moved", what)
}

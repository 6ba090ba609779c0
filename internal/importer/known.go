package importer

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/seen"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// AlreadyImported is the kind of failure when all or some rows of an adjust file were
// applied before.
const AlreadyImported failure.Kind = "already_imported" // rows of the file were applied before

// recognise finds the rows of an adjust file that were applied before, from the journals
// on this machine and the movement log.
func (p *Plan) recognise(ctx context.Context) error {
	p.ImportID = p.id
	if p.options.Mode != stock.Adjust {
		return nil
	}
	switch {
	case p.options.ImportID != "":
		p.ImportID = p.options.ImportID
	case p.options.Known != KnownApply:
		p.ImportID = p.digest
	default:
		return nil // every row is sent again under a new id
	}
	if err := p.claim(); err != nil {
		return err
	}
	if err := p.unfinished(); err != nil {
		return err
	}
	k, err := p.lookBack(ctx, p.env.Now().Add(-p.options.Lookback))
	if err != nil {
		return err
	}
	if p.options.ImportID == "" && p.options.Known == "" && p.Known() > 0 {
		return k.refuse()
	}
	return nil
}

// claim keeps other processes from the same import until this one has ended, so that what
// the journals and the log say about it does not change after it was read.
func (p *Plan) claim() error {
	giveBack, taken, err := p.env.Store.Claim(strings.Join([]string{p.env.BaseURL, p.Tenant, p.ImportID, p.options.Shard.String()}, "\x00"))
	if err != nil {
		return err
	}
	if !taken {
		return failure.Usagef("another process is importing %s now", p.name).Hint("see `stockctl inventory import runs`")
	}
	p.release = giveBack
	return nil
}

// unfinished refuses a file with an unfinished run on this machine.
func (p *Plan) unfinished() error {
	return p.others(func(head journal.Head) error {
		if head.Finished == nil && head.ImportID == p.ImportID && head.Shard == p.options.Shard.String() {
			return failure.New(AlreadyImported, "run %s of this import, started %s, is not finished", head.ID, head.Started.Format(time.RFC3339)).
				Hint("continue with `stockctl inventory import resume %s`", head.ID)
		}
		return nil
	})
}

// others visits the runs on this machine for the same store and mode.
func (p *Plan) others(visit func(journal.Head) error) error {
	ids, err := p.env.Store.IDs()
	if err != nil {
		return err
	}
	for _, id := range ids {
		head, err := p.env.Store.Head(id)
		if err != nil {
			return err
		}
		if head.BaseURL != p.env.BaseURL || head.Tenant != p.Tenant || head.Mode != string(p.options.Mode) || id == p.id {
			continue
		}
		if err := visit(head); err != nil {
			return err
		}
	}
	return nil
}

// lookBack finds the rows of an adjust file that were applied since the given time.
func (p *Plan) lookBack(ctx context.Context, since time.Time) (*recogniser, error) {
	k := &recogniser{plan: p, own: settle.Tag(p.ImportID), ownOnly: p.options.ImportID != "", found: seen.New[string]()}
	if err := k.journals(); err != nil {
		return nil, err
	}
	if err := settle.NewLog(p.env.Reader).Since(ctx, since, k.entry); err != nil {
		return nil, fmt.Errorf("comparing the file with the movement log: %w", err)
	}
	return k, k.rows()
}

// recogniser collects the tags that may be of the file's rows, and then finds the rows
// with those tags.
type recogniser struct {
	plan    *Plan
	own     string              // the tag of this import
	ownOnly bool                // ignore the tokens of other imports
	found   *seen.Table[string] // row tags: A is theirs or 0, B the earliest time, in Unix seconds

	earliest uint32
	others   int64 // rows applied under another id
}

// theirs marks a tag that was first found in the token of another import.
const theirs = 1

// journals collects the rows that other runs on this machine applied.
func (k *recogniser) journals() error {
	p := k.plan
	return p.others(func(head journal.Head) error {
		_, err := p.env.Store.Visit(head.ID, func(i journal.Intent, o journal.Outcome) {
			if o.State == journal.Applied || o.State == journal.Confirmed {
				k.token(i.Token, i.At)
			}
		})
		return err
	})
}

// entry collects one entry of the log.
func (k *recogniser) entry(entry api.Movement) (more bool) {
	var at time.Time
	if entry.Timestamp != nil {
		at = entry.Timestamp.Time
	}
	if token := settle.TokenOf(entry); token != "" {
		k.token(token, at)
	}
	return true
}

// token collects a token. With an explicit import id, it ignores the tokens of other
// imports.
func (k *recogniser) token(token string, at time.Time) {
	tag, rowTag, ok := settle.SplitToken(token)
	if !ok || tag != k.own && k.ownOnly || !k.plan.rowTags.mayHold(rowTag) {
		return
	}
	s, again := k.found.Find(rowTag)
	if !again && tag != k.own {
		s.A = theirs
	}
	if !at.IsZero() {
		s.B = earlier(s.B, uint32(at.Unix()))
	}
}

// earlier returns the earlier of two times; 0 means unknown.
func earlier(a, b uint32) uint32 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// rows decides the rows whose tags were found: they are not sent.
func (k *recogniser) rows() error {
	if k.found.Len() == 0 {
		return nil
	}
	return k.plan.rewrite(func(w *ledger.Write) error {
		if w.Decided != nil {
			return nil
		}
		s := k.found.Get(w.Tag)
		if s == nil {
			return nil
		}
		w.Decided = &ledger.Outcome{State: journal.Already, Code: failure.CodeKnown, Message: "it was applied by an earlier import"}
		if s.A == theirs {
			k.others++
		}
		k.earliest = earlier(k.earliest, s.B)
		return nil
	})
}

func (k *recogniser) refuse() error {
	p := k.plan
	when := ""
	if k.earliest != 0 {
		when = ", the first at " + time.Unix(int64(k.earliest), 0).UTC().Format(time.RFC3339)
	}
	under := ""
	if k.others > 0 {
		under = fmt.Sprintf(" (%d of them by another file)", k.others)
	}
	return failure.New(AlreadyImported, "%d of %d rows of %s were applied before%s%s", p.Known(), p.Rows, p.name, under, when).
		Hint("`--known skip` sends only the rest; `--known apply` sends every row again")
}

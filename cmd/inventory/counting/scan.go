package counting

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/count"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/stock"
)

// scanning is the loop that reads codes, one per line.
type scanning struct {
	app     *app.App
	session *count.Session
	codes   *count.Codes
	in      *bufio.Reader
	person  bool
}

const scanHelp = `scan codes, one per line; each adds one
  qty 12  sets the count of the last item    undo         undoes the last line
  list    shows what was counted             remove CODE  takes an item out
  done    ends and shows the variance        ?            shows this`

// run reads lines until "done" or the end of the input. On a terminal, the end of the
// input leaves the session to be resumed; elsewhere it ends the count.
func (s *scanning) run(ctx context.Context) error {
	if s.person {
		s.app.IO.Unmute()
		defer s.app.Mute()
	}
	for {
		if s.person && s.in.Buffered() == 0 {
			fmt.Fprint(s.app.IO.Err, "scan> ")
		}
		text, err := s.line(ctx)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		over := errors.Is(err, io.EOF)
		if text = strings.TrimSpace(text); text != "" {
			done, failed := s.handle(text)
			if failed != nil || done {
				return failed
			}
		}
		if over && s.person {
			return failure.ErrCancelled
		}
		if over {
			return s.session.Finish()
		}
	}
}

// line reads the next line, or gives up when ctx ends. A read from a terminal cannot be
// interrupted, but the program ends then anyway.
func (s *scanning) line(ctx context.Context) (string, error) {
	type result struct {
		text string
		err  error
	}
	if s.in.Buffered() == 0 {
		if err := s.session.Sync(); err != nil {
			return "", err
		}
	}
	got := make(chan result, 1)
	go func() {
		text, err := readLine(s.in)
		got <- result{text, err}
	}()
	select {
	case r := <-got:
		return r.text, r.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// readLine reads up to an Enter. A terminal delivers it as a carriage return if it was
// typed while a form was on the screen.
func readLine(in *bufio.Reader) (string, error) {
	var line []byte
	for {
		b, err := in.ReadByte()
		if err != nil || b == '\n' || b == '\r' {
			return string(line), err
		}
		line = append(line, b)
	}
}

// handle processes one line. On a terminal, a typing mistake is reported and the loop
// continues; in a script it is an error.
func (s *scanning) handle(text string) (done bool, err error) {
	word, rest, _ := strings.Cut(text, " ")
	rest = strings.TrimSpace(rest)
	known := s.codes.Known(text)
	if !known {
		word = strings.ToLower(word)
	}
	switch {
	case text == "?":
		s.say("%s", scanHelp)
		return false, nil
	case word == "done" && rest == "":
		return true, s.session.Finish()
	case word == "list" && rest == "" && !known:
		s.list()
		return false, nil
	case word == "undo" && rest == "":
		item, qty, err := s.session.Undo()
		return false, s.report(err, "undone: %s is %d", s.name(item), qty)
	case word == "remove" && !known:
		return false, s.remove(rest)
	case word == "qty":
		qty, err := api.ParseQuantity(rest)
		if s.person {
			err = cmp.Or(stock.Scanned(rest), err)
		}
		if err != nil {
			return false, s.report(failure.Usagef("qty: %w", err), "")
		}
		item, err := s.session.SetLast(qty)
		return false, s.report(err, "%s is %d", s.name(item), qty)
	}
	item, mark := s.find(text)
	qty, err := s.session.Scan(item)
	return false, s.report(err, "%s is %d%s", s.name(item), qty, mark)
}

// find returns the item of a code. An unknown code is counted under the code itself, and
// the user is asked about it at the end.
func (s *scanning) find(code string) (item count.Item, mark string) {
	item, why := s.codes.Find(code)
	if why != "" {
		item, mark = count.Item{Code: code}, "  ! "+why+": you are asked about it at the end"
	}
	item.Warehouse = s.session.Head.Warehouse
	return item, mark
}

// remove removes an item from the count: the item of the code or, without a code, the
// last one.
func (s *scanning) remove(code string) error {
	if code == "" {
		return s.report(failure.Usagef("write `remove CODE`"), "")
	}
	item, _ := s.find(code)
	err := s.session.Drop(item)
	if err != nil {
		err = fmt.Errorf("%s: %w", code, err)
	}
	return s.report(err, "%s is no longer counted", s.name(item))
}

// list shows what was counted so far.
func (s *scanning) list() {
	if !s.person {
		return
	}
	counted := s.session.Counted()
	if len(counted) == 0 {
		s.say("nothing has been counted yet")
	}
	for _, one := range counted {
		s.say("%7d  %s", one.Qty, s.name(one.Item))
	}
}

// name returns an item's name for people.
func (s *scanning) name(item count.Item) string {
	if item.Code != "" {
		return item.String()
	}
	return s.codes.Name(item)
}

// report prints what was done.
func (s *scanning) report(err error, format string, args ...any) error {
	if failure.KindOf(err) == failure.Usage && err != nil && s.person {
		s.say("%s", err)
		return nil
	}
	if err == nil && s.person {
		s.say(format, args...)
	}
	return err
}

func (s *scanning) say(format string, args ...any) {
	for line := range strings.SplitSeq(fmt.Sprintf(format, args...), "\n") {
		fmt.Fprintln(s.app.IO.Err, output.Clean(line))
	}
}

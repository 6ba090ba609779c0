package counting

import (
	"bufio"
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
)

// scanning is the loop in which each line is a code.
type scanning struct {
	app     *app.App
	session *count.Session
	codes   *count.Codes
	in      *bufio.Reader
	person  bool
}

const scanHelp = `scan codes, one a line; each counts one
  qty 12  sets the count of the last item    undo  takes the last line back
  done    ends and shows the variance        ?     shows this`

// run reads lines until "done" or the end of the input. On a terminal the end
// of the input leaves the session to be resumed; elsewhere it ends the count.
func (s *scanning) run(ctx context.Context) error {
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
			done, failed := s.take(text)
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

// line reads the next line, or gives up when ctx ends: a read that waits on a
// terminal cannot be called back, and the program ends then.
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
		text, err := s.in.ReadString('\n')
		got <- result{text, err}
	}()
	select {
	case r := <-got:
		return r.text, r.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// take obeys one line. What a person mistyped is told, and the loop goes on; in
// a script it is an error.
func (s *scanning) take(text string) (done bool, err error) {
	word, rest, _ := strings.Cut(text, " ")
	switch {
	case text == "?":
		s.say("%s", scanHelp)
		return false, nil
	case text == "done":
		return true, s.session.Finish()
	case text == "undo":
		item, qty, err := s.session.Undo()
		return false, s.told(err, "undone: %s is %d", item, qty)
	case word == "qty":
		qty, err := api.ParseQuantity(strings.TrimSpace(rest))
		if err != nil {
			return false, s.told(failure.Usagef("qty: %w", err), "")
		}
		item, err := s.session.SetLast(qty)
		return false, s.told(err, "%s is %d", item, qty)
	}
	item, why := s.codes.Find(text)
	mark := ""
	if why != "" {
		item, mark = count.Item{Code: text}, "  ! "+why+": asked about at the end"
	}
	item.Warehouse = s.session.Head.Warehouse
	qty, err := s.session.Scan(item)
	return false, s.told(err, "%s is %d%s", item, qty, mark)
}

// told says what was done.
func (s *scanning) told(err error, format string, args ...any) error {
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

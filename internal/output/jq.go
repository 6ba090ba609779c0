package output

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/itchyny/gojq"

	"github.com/bayworks/stockctl/internal/failure"
)

// jqTime limits how long an expression may take for one result.
const jqTime = time.Minute

var (
	// errHalt ends the output at jq's halt, which is not a failure.
	errHalt = errors.New("halted")
	errSlow = fmt.Errorf("no result within %s", jqTime)
)

// query is a compiled jq expression.
type query struct {
	text string
	code *gojq.Code
}

// parseQuery compiles a jq expression. The expression sees only the output: no
// environment, files or further input.
func parseQuery(expression string) (*query, error) {
	parsed, err := gojq.Parse(expression)
	if err != nil {
		return nil, failure.Usagef("invalid --jq expression %q: %w", expression, err)
	}
	code, err := gojq.Compile(parsed, gojq.WithEnvironLoader(func() []string { return nil }))
	if err != nil {
		return nil, failure.Usagef("invalid --jq expression %q: %w", expression, err)
	}
	return &query{expression, code}, nil
}

// filter runs the expression on one JSON text and writes one result per line as it
// arrives: strings unquoted, everything else as compact JSON.
func (p *Printer) filter(w *bufio.Writer, text []byte) error {
	var input any
	numbers := json.NewDecoder(bytes.NewReader(text))
	numbers.UseNumber() // a float would round numbers above 2^53
	if err := numbers.Decode(&input); err != nil {
		return err
	}
	order := sync.OnceValue(func() keyOrder { return keysOf(text, p.query.text) })
	ctx, cancel := context.WithCancelCause(p.ctx)
	defer cancel(nil)
	results := p.query.code.RunWithContext(ctx, input)
	for {
		// The limit applies to the expression only: reading the results in a pager
		// may take any time.
		clock := time.AfterFunc(jqTime, func() { cancel(errSlow) })
		result, more := results.Next()
		clock.Stop()
		if !more {
			return nil
		}
		if err, failed := result.(error); failed {
			return p.query.failed(ctx, err)
		}
		line, err := p.result(order, result)
		if err != nil {
			return err
		}
		if _, err := w.WriteString(line + "\n"); err != nil {
			return err
		}
	}
}

// result formats one result. Strings in a pipe are unchanged, as with jq -r: they may
// be meant for xargs -0.
func (p *Printer) result(order func() keyOrder, v any) (string, error) {
	if s, ok := v.(string); ok {
		if p.terminal {
			s = clean(s, "\n\t")
		}
		return s, nil
	}
	var keys keyOrder
	switch v.(type) {
	case map[string]any, []any:
		keys = order()
	}
	line, err := keys.marshal(v)
	return string(p.inColour(escape(line))), err
}

// failed distinguishes an intended end from an error.
func (q *query) failed(ctx context.Context, err error) error {
	var halt *gojq.HaltError
	if errors.As(err, &halt) && halt.ExitCode() == 0 {
		return errHalt
	}
	if cause := context.Cause(ctx); cause != nil {
		if !errors.Is(cause, errSlow) {
			return cause // a signal
		}
		err = cause
	}
	return failure.Usagef("--jq %q: %w", q.text, err)
}

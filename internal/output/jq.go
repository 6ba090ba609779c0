package output

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/itchyny/gojq"

	"github.com/bayworks/stockctl/internal/failure"
)

// jqTime bounds an expression that never ends.
const jqTime = time.Minute

// query is a jq expression that is ready to run.
type query struct {
	text string
	code *gojq.Code
}

// parseQuery reads a jq expression. It sees the answer alone: no environment,
// no files, no further input.
func parseQuery(expression string) (*query, error) {
	parsed, err := gojq.Parse(expression)
	if err != nil {
		return nil, failure.Usagef("--jq %q cannot be read: %w", expression, err)
	}
	code, err := gojq.Compile(parsed, gojq.WithEnvironLoader(func() []string { return nil }))
	if err != nil {
		return nil, failure.Usagef("--jq %q cannot be used: %w", expression, err)
	}
	return &query{expression, code}, nil
}

// filter runs the expression over one JSON text and writes each result on a
// line: texts as they are, all else as compact JSON.
func (p *Printer) filter(w *bufio.Writer, text []byte) error {
	var input any
	numbers := json.NewDecoder(bytes.NewReader(text))
	numbers.UseNumber() // a float would round what is beyond 2^53
	if err := numbers.Decode(&input); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), jqTime)
	defer cancel()
	results := p.query.code.RunWithContext(ctx, input)
	for {
		result, more := results.Next()
		if !more {
			return nil
		}
		switch v := result.(type) {
		case error:
			var halt *gojq.HaltError
			if errors.As(v, &halt) && halt.Value() == nil {
				return nil
			}
			return failure.Usagef("--jq %q: %w", p.query.text, v)
		case string:
			if _, err := w.WriteString(clean(v, "\n\t") + "\n"); err != nil {
				return err
			}
		default:
			line, err := gojq.Marshal(v) // unlike encoding/json, it can write infinite
			if err != nil {
				return err
			}
			if _, err := w.Write(append(escape(line), '\n')); err != nil {
				return err
			}
		}
	}
}

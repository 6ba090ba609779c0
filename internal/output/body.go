package output

import (
	"bufio"
	"bytes"
	"encoding/json"

	"github.com/bayworks/stockctl/internal/failure"
)

// Body writes a raw response: unchanged in a pipe, and indented and made safe on a
// terminal. For json, jsonl, yaml and --jq it works like Value. An empty response
// prints nothing in any format.
func Body(p *Printer, body []byte) error {
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		return nil
	case json.Valid(body) && (p.Structured() || p.terminal):
		return Value(p, json.RawMessage(body))
	case p.Structured():
		return failure.New(failure.Unexpected, "the response is not JSON").
			Hint("leave out --jq and --output to see it unchanged")
	}
	return stream(p.out, func(w *bufio.Writer) error { return writeBody(p, w, body) })
}

// PlainBody is Body for error responses: it ignores the format and --jq.
func PlainBody(p *Printer, body []byte) error {
	plain := *p
	plain.format, plain.query = Table, nil
	return Body(&plain, body)
}

func writeBody(p *Printer, w *bufio.Writer, body []byte) error {
	if !p.terminal {
		_, err := w.Write(body)
		return err
	}
	_, err := w.WriteString(clean(string(bytes.TrimRight(body, "\r\n")), "\n\t") + "\n")
	return err
}

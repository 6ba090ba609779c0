package output

import (
	"bufio"
	"bytes"
	"encoding/json"

	"github.com/bayworks/stockctl/internal/failure"
)

// Body writes an answer that came as bytes: as it came in a pipe; indented, and
// safe for the terminal, on one. json, jsonl, yaml and --jq make of it what
// Value does, and an empty one is nothing in any format.
func Body(p *Printer, body []byte) error {
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		return nil
	case json.Valid(body) && (p.Structured() || p.terminal):
		return Value(p, json.RawMessage(body))
	case p.Structured():
		return failure.New(failure.Unexpected, "the answer is not JSON").
			Hint("leave out --jq and --output to see it as it came")
	}
	return stream(p.out, func(w *bufio.Writer) error { return writeBody(p, w, body) })
}

// PlainBody is Body for an answer that tells of a failure: no format and no --jq
// stands between it and the reader.
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

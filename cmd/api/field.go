package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/failure"
)

// maxInput limits the bytes read from a file or standard input.
const maxInput = 16 << 20

// field is one key=value from the command line.
type field struct {
	key, value string
	typed      bool // from -F: JSON-like values are JSON, and @FILE is read
}

// fieldFlag collects the fields of both flags in the order given.
type fieldFlag struct {
	list  *[]field
	typed bool
}

func (f *fieldFlag) String() string { return "" }

// Type names the value in help texts.
func (f *fieldFlag) Type() string { return "key=value" }

// Set parses one key=value. Its errors are short because pflag repeats the input.
func (f *fieldFlag) Set(text string) error {
	key, value, found := strings.Cut(text, "=")
	switch {
	case !found || key == "":
		return errors.New("must be key=value")
	case strings.ContainsAny(key, "[]"):
		return errors.New("a key must not contain brackets: send nested values with --input")
	}
	*f.list = append(*f.list, field{key, value, f.typed})
	return nil
}

// wholeNumber matches JSON integers: no plus sign and no leading zero, so that a
// code such as 007 remains a string.
var wholeNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`) })

// read returns the field's value: a string, or JSON.
func (f field) read(ctx context.Context, stdin io.Reader) (any, error) {
	if !f.typed {
		return f.value, nil
	}
	if name, isFile := strings.CutPrefix(f.value, "@"); isFile {
		text, err := readInput(ctx, stdin, name)
		if err == nil && !utf8.Valid(text) {
			err = failure.Usagef("%s is not UTF-8 text", called(name))
		}
		return string(text), err
	}
	switch {
	case f.value == "true", f.value == "false", f.value == "null", wholeNumber().MatchString(f.value):
		return json.RawMessage(f.value), nil
	}
	return f.value, nil
}

// query returns the fields as a query string.
func query(ctx context.Context, fields []field, stdin io.Reader) (string, error) {
	var parts []string
	for _, f := range fields {
		value, err := f.read(ctx, stdin)
		if err != nil {
			return "", err
		}
		text := fmt.Sprint(value)
		if raw, is := value.(json.RawMessage); is {
			text = strings.TrimPrefix(string(raw), "null")
		}
		parts = append(parts, url.QueryEscape(f.key)+"="+url.QueryEscape(text))
	}
	return strings.Join(parts, "&"), nil
}

// object returns the fields as a JSON object, in the order they were given.
func object(ctx context.Context, fields []field, stdin io.Reader) ([]byte, error) {
	seen := map[string]bool{}
	out := bytes.NewBufferString("{")
	for i, f := range fields {
		if seen[f.key] {
			return nil, failure.Usagef("the field %q is given twice", f.key)
		}
		seen[f.key] = true
		value, err := f.read(ctx, stdin)
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal(map[string]any{f.key: value})
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out.WriteByte(',')
		}
		out.Write(text[1 : len(text)-1])
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// readInput reads a file, or standard input for "-".
func readInput(ctx context.Context, stdin io.Reader, name string) ([]byte, error) {
	if name != "-" {
		file, err := await.Open(ctx, name)
		if err != nil {
			return nil, failure.Usagef("%w", err)
		}
		defer func() { _ = file.Close() }() // only read
		stdin = await.Reader(ctx, file)
	}
	text, err := io.ReadAll(io.LimitReader(stdin, maxInput+1))
	switch {
	case err != nil:
		return nil, failure.Usagef("reading %s: %w", called(name), err)
	case len(text) > maxInput:
		return nil, failure.Usagef("%s is larger than %d MiB", called(name), maxInput>>20)
	}
	return text, nil
}

// called returns the name of a file for messages.
func called(name string) string {
	if name == "-" {
		return "standard input"
	}
	return name
}

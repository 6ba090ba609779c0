package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxBody limits the size of a request body, in bytes.
const maxBody = 1 << 20

// fields is a request's JSON object. Its keys are case-sensitive, which they
// would not be when decoding into a struct, and unknown keys are ignored. The
// readers collect mistakes; err returns them.
type fields struct {
	raw      map[string]json.RawMessage
	problems []string
}

// fields reads the request body.
func (c *call) fields() (*fields, error) {
	kind, _, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return nil, coded(http.StatusUnsupportedMediaType, unsupportedMediaType, "Content-Type must be application/json.")
	}
	data, err := io.ReadAll(c.Body)
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		return nil, coded(http.StatusRequestEntityTooLarge, payloadTooLarge, fmt.Sprintf("The request body is longer than %d bytes.", tooLong.Limit))
	case err != nil:
		return nil, coded(http.StatusBadRequest, malformedRequest, "The request body could not be read.")
	}
	f := &fields{}
	if err := json.Unmarshal(data, &f.raw); err != nil || f.raw == nil || !utf8.Valid(data) {
		return nil, coded(http.StatusBadRequest, malformedRequest, "The request body is not a JSON object.")
	}
	return f, nil
}

// err returns a refusal that lists all mistakes found, or nil.
func (f *fields) err() error {
	if len(f.problems) == 0 {
		return nil
	}
	return invalid(strings.Join(f.problems, "; "))
}

func (f *fields) wrong(format string, args ...any) {
	f.problems = append(f.problems, fmt.Sprintf(format, args...))
}

// has reports whether a field was sent with a value other than null.
func (f *fields) has(name string) bool {
	value, sent := f.raw[name]
	return sent && string(value) != "null"
}

// text returns a string field, or nil if it was not sent.
func (f *fields) text(name string) *string {
	if !f.has(name) {
		return nil
	}
	var s string
	if err := json.Unmarshal(f.raw[name], &s); err != nil {
		f.wrong("%s must be a string", name)
		return nil
	}
	return &s
}

// required returns a string field that must be present and not blank.
func (f *fields) required(name string) string {
	if !f.has(name) {
		f.wrong("%s is required", name)
		return ""
	}
	s := f.text(name)
	if s == nil {
		return ""
	}
	if strings.TrimSpace(*s) == "" {
		f.wrong("%s must not be blank", name)
	}
	return *s
}

// integer returns a 32-bit whole number of at least low, written without a
// decimal point or exponent; nil if it was not sent.
func (f *fields) integer(name string, low int64) *int64 {
	if !f.has(name) {
		return nil
	}
	n, err := strconv.ParseInt(string(f.raw[name]), 10, 32)
	if err != nil || n < low {
		f.wrong("%s must be a whole number from %d to %d", name, low, math.MaxInt32)
		return nil
	}
	return &n
}

// requiredInteger is integer for a field that must be present.
func (f *fields) requiredInteger(name string, low int64) int64 {
	if !f.has(name) {
		f.wrong("%s is required", name)
		return 0
	}
	if n := f.integer(name, low); n != nil {
		return *n
	}
	return 0
}

// boolean returns a true or false field, or nil if it was not sent.
func (f *fields) boolean(name string) *bool {
	if !f.has(name) {
		return nil
	}
	var b bool
	if err := json.Unmarshal(f.raw[name], &b); err != nil {
		f.wrong("%s must be true or false", name)
		return nil
	}
	return &b
}

// strings returns an object of strings as JSON with sorted keys, or nil if it
// was not sent.
func (f *fields) strings(name string) *string {
	if !f.has(name) {
		return nil
	}
	var values map[string]*string
	err := json.Unmarshal(f.raw[name], &values)
	for _, v := range values {
		if v == nil {
			err = errors.New("null")
		}
	}
	if err != nil {
		f.wrong("%s must be an object of strings", name)
		return nil
	}
	text := encode(values)
	return &text
}

// encode returns maps and strings as JSON, which cannot fail.
func encode(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}

// The default and maximum number of rows per page.
const (
	defaultLimit = 50
	maxLimit     = 100
)

// pageOf reads page (zero-based) and limit from the query. A limit above the
// maximum is silently reduced to it.
func pageOf(query url.Values) (page, limit int, err error) {
	page, limit = 0, defaultLimit
	for _, p := range []struct {
		name string
		to   *int
		low  int64
	}{{"page", &page, 0}, {"limit", &limit, 1}} {
		text := query.Get(p.name)
		if text == "" {
			continue
		}
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil || n < p.low {
			return 0, 0, invalid(fmt.Sprintf("%s must be a whole number from %d to %d", p.name, p.low, math.MaxInt32))
		}
		*p.to = int(n)
	}
	return page, min(limit, maxLimit), nil
}

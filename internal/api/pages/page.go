package pages

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/bayworks/stockctl/internal/api/lenient"
	"github.com/bayworks/stockctl/internal/api/plain"
	"github.com/bayworks/stockctl/internal/failure"
)

// Page is one page of a list, or a whole list without pages.
type Page[T any] struct {
	Rows []T

	keys   []string // identify the rows; never ""
	texts  []json.RawMessage
	total  int
	stated bool
}

// wire is the object around a page in either dialect.
type wire struct {
	Content  json.RawMessage `json:"content"`
	Items    json.RawMessage `json:"items"`
	Logs     json.RawMessage `json:"logs"`
	Elements *lenient.Int    `json:"totalElements"`
	Total    *lenient.Int    `json:"total"`
}

// noID begins the key of a row without an id. The rest is its text.
const noID = "\x00"

// Decode reads {content,…}, {items,…}, {logs,…} or a bare array. The total next to it
// counts if the page states none. The id of a row is "" if it has none.
func Decode[T any](payload, total json.RawMessage, id func(T) string) (Page[T], error) {
	var p Page[T]
	list, err := p.unwrap(payload)
	if err != nil {
		return p, err
	}
	if !p.stated && len(total) > 0 && string(total) != "null" {
		var n lenient.Int
		if json.Unmarshal(total, &n) == nil {
			p.state(&n)
		}
	}
	if string(list) == "null" && (!p.stated || p.total != 0) {
		return p, lenient.Wrong("contains nothing")
	}
	if err := json.Unmarshal(list, &p.texts); err != nil {
		return p, lenient.Unfit(err, "the list")
	}
	p.Rows, p.keys = make([]T, len(p.texts)), make([]string, len(p.texts))
	for i, raw := range p.texts {
		where := fmt.Sprintf("entry %d", i+1)
		if string(raw) == "null" {
			return p, lenient.Wrong("has nothing in " + where)
		}
		if err := lenient.Into(raw, &p.Rows[i]); err != nil {
			return p, lenient.Unfit(err, where+", ")
		}
		p.keys[i] = id(p.Rows[i])
		if p.keys[i] == "" {
			p.keys[i] = noID + string(raw)
		}
	}
	return p, nil
}

// unwrap returns the array and records the stated total. The log may be a page
// inside `logs`.
func (p *Page[T]) unwrap(payload json.RawMessage) (json.RawMessage, error) {
	for range 3 {
		payload = bytes.TrimSpace(payload)
		if string(payload) == "null" || len(payload) > 0 && payload[0] == '[' {
			return payload, nil
		}
		var w wire
		if err := json.Unmarshal(payload, &w); err != nil {
			return nil, lenient.Unfit(err, "")
		}
		p.state(w.Total)
		p.state(w.Elements)
		payload = nil
		for _, list := range []json.RawMessage{w.Logs, w.Items, w.Content} {
			if len(list) > 0 {
				payload = list
			}
		}
		if payload == nil {
			break
		}
	}
	return nil, lenient.Wrong("contains no list")
}

func (p *Page[T]) state(total *lenient.Int) {
	if total != nil && *total >= 0 && *total <= math.MaxInt32 {
		p.total, p.stated = int(*total), true
	}
}

// Whole returns the rows of a list without pages, each once. It is an error if the
// response states more rows than it contains, if a row has no id, if two rows with one id
// differ, or if differs, which may be nil, says that a row is about something else.
func (p Page[T]) Whole(differs func(T) error) ([]T, error) {
	if p.stated && p.total > len(p.Rows) {
		return nil, lenient.Wrong(fmt.Sprintf("states %d rows but contains %d", p.total, len(p.Rows)))
	}
	rows, shown := make([]T, 0, len(p.Rows)), map[string]string{}
	for i, row := range p.Rows {
		key, text := p.keys[i], string(p.texts[i])
		first, again := shown[key]
		switch {
		case strings.HasPrefix(key, noID):
			return nil, lenient.Wrong(fmt.Sprintf("contains no id in entry %d", i+1))
		case again && first != text:
			return nil, twice(key, "")
		case differs != nil:
			if err := differs(row); err != nil {
				return nil, err
			}
		}
		if !again {
			shown[key], rows = text, append(rows, row)
		}
	}
	return rows, nil
}

// twice returns the error of a row with two contents. If the list was read again,
// because the row may have changed in between, the parameter when is reread.
func twice(key, when string) error {
	return lenient.Wrong(fmt.Sprintf("shows %s twice, with different contents%s", failure.Clip(plain.Clean(key), 80), when))
}

// reread says that the row had two contents when the list was read again, too.
const reread = ", even when it is read again"

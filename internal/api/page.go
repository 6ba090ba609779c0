package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"

	"github.com/bayworks/stockctl/internal/api/lenient"
	"github.com/bayworks/stockctl/internal/api/plain"
	"github.com/bayworks/stockctl/internal/failure"
)

// page is one page of a list, or a whole list without pages.
type page[T any] struct {
	rows   []T
	keys   []string // identify the rows; never ""
	texts  []json.RawMessage
	total  int
	stated bool
}

// pageWire is the object around a page in either dialect.
type pageWire struct {
	Content  json.RawMessage `json:"content"`
	Items    json.RawMessage `json:"items"`
	Logs     json.RawMessage `json:"logs"`
	Elements *lenient.Int    `json:"totalElements"`
	Total    *lenient.Int    `json:"total"`
}

// decodePage reads {content,…}, {items,…}, {logs,…} or a bare array.
func decodePage[T keyed](a *answer) (page[T], error) {
	var p page[T]
	list, err := p.unwrap(a.payload)
	if err != nil {
		return p, err
	}
	if !p.stated && len(a.total) > 0 && string(a.total) != "null" {
		var total lenient.Int
		if json.Unmarshal(a.total, &total) == nil {
			p.state(&total)
		}
	}
	if string(list) == "null" && (!p.stated || p.total != 0) {
		return p, wrongAnswer("contains nothing")
	}
	if err := json.Unmarshal(list, &p.texts); err != nil {
		return p, unfit(err, "the list")
	}
	p.rows, p.keys = make([]T, len(p.texts)), make([]string, len(p.texts))
	for i, raw := range p.texts {
		where := fmt.Sprintf("entry %d", i+1)
		if string(raw) == "null" {
			return p, wrongAnswer("has nothing in " + where)
		}
		if err := lenient.Into(raw, &p.rows[i]); err != nil {
			return p, unfit(err, where+", ")
		}
		p.keys[i] = p.rows[i].key()
		if p.keys[i] == "" {
			// The whole text identifies a row without an id.
			p.keys[i] = "\x00" + string(raw)
		}
	}
	return p, nil
}

// unwrap returns the array and records the stated total. The log may be a page
// inside `logs`.
func (p *page[T]) unwrap(payload json.RawMessage) (json.RawMessage, error) {
	for range 3 {
		payload = bytes.TrimSpace(payload)
		if string(payload) == "null" || len(payload) > 0 && payload[0] == '[' {
			return payload, nil
		}
		var w pageWire
		if err := json.Unmarshal(payload, &w); err != nil {
			return nil, unfit(err, "")
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
	return nil, wrongAnswer("contains no list")
}

func (p *page[T]) state(total *lenient.Int) {
	if total != nil && *total >= 0 && *total <= math.MaxInt32 {
		p.total, p.stated = int(*total), true
	}
}

// readAll makes a call that returns a whole list, each row once. It is an error if the
// answer states more rows than it contains, if a row has no id, if two rows with one id
// differ, or if differs says that a row is about something else.
func readAll[T keyed](ctx context.Context, c *Client, path string, differs func(T) error) ([]T, error) {
	k := call{method: "GET", path: path, safe: true}
	a, err := c.send(ctx, k)
	if err != nil {
		return nil, err
	}
	p, err := decodePage[T](a)
	if err != nil {
		return nil, k.fault(a.status, err)
	}
	if p.stated && p.total > len(p.rows) {
		return nil, k.fault(a.status, wrongAnswer(fmt.Sprintf("states %d rows but contains %d", p.total, len(p.rows))))
	}
	rows, shown := make([]T, 0, len(p.rows)), map[string]string{}
	for i, row := range p.rows {
		text, again := shown[row.key()]
		switch {
		case row.key() == "":
			err = wrongAnswer(fmt.Sprintf("contains no id in entry %d", i+1))
		case again && text != string(p.texts[i]):
			err = wrongAnswer(fmt.Sprintf("shows %s twice, with different contents", failure.Clip(plain.Clean(row.key()), 80)))
		case differs != nil:
			err = differs(row)
		}
		if err != nil {
			return nil, k.fault(a.status, err)
		}
		if !again {
			shown[row.key()], rows = string(p.texts[i]), append(rows, row)
		}
	}
	if c.learner != nil {
		c.learn(rows)
	}
	return rows, nil
}

package api

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"github.com/bayworks/stockctl/internal/api/pages"
)

// List is a list that the API returns in pages.
type List[T any] = pages.List[T]

// ErrShort is the error of a list that states more rows than its pages contain. A
// caller that can use a partial list may ignore it.
var ErrShort = pages.ErrShort

// keyed is an entry of a list. Its key is its id, or "" if it has none.
type keyed interface{ key() string }

func newList[T keyed](c *Client, path string, query url.Values) *List[T] {
	return pages.New(pages.Source[T]{
		Page: func(ctx context.Context, number, size int) (pages.Page[T], error) {
			q := url.Values{}
			maps.Copy(q, query)
			q.Set("page", strconv.Itoa(number))
			q.Set("limit", strconv.Itoa(size))
			k := call{method: "GET", path: path, query: q.Encode(), safe: true}
			a, err := c.send(ctx, k)
			if err != nil {
				return pages.Page[T]{}, err
			}
			p, err := decode[T](a)
			if err != nil {
				return p, k.fault(a.status, fmt.Errorf("page %d: %w", number, err))
			}
			if c.learner != nil {
				c.learn(p.Rows)
			}
			return p, nil
		},
		Fault: func(err error) error { return call{method: "GET", path: path, safe: true}.fault(http.StatusOK, err) },
	})
}

// decode reads the rows of a response.
func decode[T keyed](a *response) (pages.Page[T], error) {
	return pages.Decode(a.payload, a.total, T.key)
}

// readAll makes a call that returns a whole list, each row once. It is an error if
// differs, which may be nil, says that a row is about something else.
func readAll[T keyed](ctx context.Context, c *Client, path string, differs func(T) error) ([]T, error) {
	k := call{method: "GET", path: path, safe: true}
	a, err := c.send(ctx, k)
	if err != nil {
		return nil, err
	}
	p, err := decode[T](a)
	if err != nil {
		return nil, k.fault(a.status, err)
	}
	rows, err := p.Whole(differs)
	if err != nil {
		return nil, k.fault(a.status, err)
	}
	if c.learner != nil {
		c.learn(rows)
	}
	return rows, nil
}

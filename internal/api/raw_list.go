package api

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strconv"

	"github.com/bayworks/stockctl/internal/failure"
)

// RawItem is an entry of a list, as the API wrote it.
type RawItem json.RawMessage

// MarshalJSON returns the entry.
func (r RawItem) MarshalJSON() ([]byte, error) { return json.RawMessage(r).MarshalJSON() }

// UnmarshalJSON keeps the entry unchanged, whatever its type.
func (r *RawItem) UnmarshalJSON(b []byte) error {
	*r = bytes.Clone(b)
	return nil
}

// key returns the entry's id, a text or a number, or "" if it has none.
func (r RawItem) key() string {
	var entry struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(r, &entry) != nil || len(entry.ID) == 0 || string(entry.ID) == "null" {
		return ""
	}
	return string(entry.ID)
}

// RawList reads a list that this package has no method for, in either dialect and with
// the guarantees of List. The path is as in Raw. Its query is sent with every page,
// except that a `limit` sets the page size. A `page` is a usage error, because the
// list is read from its beginning.
func (c *Client) RawList(path string) (*List[RawItem], error) {
	var k call
	if err := k.aim(path); err != nil {
		return nil, err
	}
	query, err := url.ParseQuery(k.query)
	if err != nil {
		return nil, failure.Usagef("the query of %q cannot be read: %w", failure.Clip(path, 80), err)
	}
	if query.Has("page") {
		return nil, failure.Usagef("a complete list starts at its first page: leave out page")
	}
	l := newList[RawItem](c, k.path, query)
	if query.Has("limit") {
		n, err := strconv.Atoi(query.Get("limit"))
		if err != nil || n < 1 {
			return nil, failure.Usagef("limit must be 1 or more, not %q", failure.Clip(query.Get("limit"), 20))
		}
		l.PageSize(n)
	}
	return l, nil
}

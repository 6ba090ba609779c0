package pages_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api/lenient"
	"github.com/bayworks/stockctl/internal/api/pages"
)

// row is a record or a movement, as far as these tests need it.
type row struct {
	ID  string        `json:"id"`
	Qty lenient.Int   `json:"qty"`
	At  *lenient.Time `json:"createdAt"`
}

func (r row) id() string { return r.ID }

func (r row) at() time.Time {
	if r.At == nil {
		return time.Time{}
	}
	return r.At.Time
}

// server returns the page of a number, and counts the requests.
type server struct {
	page  func(number, size int) string
	asked int
}

// fault is an error of pages that contradict each other.
type fault struct{ error }

func (f fault) Unwrap() error { return f.error }

func (s *server) list(t *testing.T) *pages.List[row] {
	t.Helper()
	return pages.New(pages.Source[row]{
		Page: func(_ context.Context, number, size int) (pages.Page[row], error) {
			if s.asked++; s.asked > 20_000 {
				t.Fatal("the list is read without end")
			}
			text := s.page(number, size)
			if text == refused {
				return pages.Page[row]{}, errRefused
			}
			p, err := pages.Decode(json.RawMessage(text), nil, row.id)
			if err != nil {
				return p, fmt.Errorf("page %d: %w", number, err)
			}
			return p, nil
		},
		Fault: func(err error) error { return fault{err} },
	})
}

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

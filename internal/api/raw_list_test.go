package api_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

func rawAll(t *testing.T, l *api.List[api.RawItem]) (got []string, err error) {
	t.Helper()
	for item, err := range l.All(t.Context()) {
		if err != nil {
			return got, err
		}
		got = append(got, string(item))
	}
	return got, nil
}

// A list of anything is read to its end in both dialects, and its entries are returned
// unchanged.
func TestRawList(t *testing.T) {
	for _, form := range []string{
		`{"status":true,"data":{"content":[%s],"page":0,"limit":50,"totalElements":%d}}`,
		`{"items":[%s],"currentPage":1,"total":%d}`,
		`{"status":true,"data":{"logs":[%s]}}`,
		`[%s]`,
	} {
		b := &book{rows: 23, size: 7, form: form}
		s := openShop(t, b.serve)
		l, err := s.client(t).RawList("v1/things?q=a%20b&limit=9")
		if err != nil {
			t.Fatal(err)
		}
		got, err := rawAll(t, l)
		if err != nil || len(got) != 23 || got[22] != `{"id":"inv_22"}` {
			t.Errorf("%s: %d entries, %v", form, len(got), err)
		}
		same(t, form, s.requests()[1].line, "GET /v1/things?limit=9&page=1&q=a+b")
	}
}

func TestRawListIsNeverPartial(t *testing.T) {
	s := openShop(t, answers(says(200, `{"content":[{"id":1},{"id":2.50}],"totalElements":5}`), says(404, `{"status":false,"message":"gone"}`)))
	l, err := s.client(t).RawList("/v1/things")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := rawAll(t, l); err == nil || len(got) != 2 || got[1] != `{"id":2.50}` {
		t.Errorf("got %q and the error %v, want the numbers as they were sent, and an error", got, err)
	}
}

func TestRawListRefuses(t *testing.T) {
	c := openShop(t, says(200, `[]`)).client(t)
	for path, want := range map[string]string{
		"/v1/x?page=2":     "a complete list starts at its first page: leave out page",
		"/v1/x?limit=none": `limit must be 1 or more, not "none"`,
		"/v1/x?limit=0":    `limit must be 1 or more, not "0"`,
		"//x/y":            `"//x/y" is not a path below the base URL, such as /v1/inventory?page=0`,
	} {
		_, err := c.RawList(path)
		if err == nil {
			t.Errorf("%s is accepted", path)
			continue
		}
		same(t, path, err.Error(), want)
		isKind(t, err, failure.Usage)
	}
}

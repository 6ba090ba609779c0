package cli_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
)

type shop struct{ code, name string }

func shops() output.View[shop] {
	return output.View[shop]{Columns: []output.Column[shop]{
		{Name: "code", Value: func(s shop) any { return s.code }},
		{Name: "name", Value: func(s shop) any { return s.name }},
	}}
}

func TestNarrow(t *testing.T) {
	list := []shop{{"LGS-02", "Lagos Depot"}, {"ABJ-01", "Abuja"}, {"LGS-01", "Lagos Main"}}
	texts := func(s shop) []string { return []string{s.code, s.name} }
	for n, want := range map[cli.Narrow]string{
		{}:                               "LGS-02 ABJ-01 LGS-01",
		{Search: "LAGOS"}:                "LGS-02 LGS-01",
		{Search: "main lgs"}:             "LGS-01",
		{Search: "main abj"}:             "",
		{Sort: "code"}:                   "ABJ-01 LGS-01 LGS-02",
		{Sort: "-NAME"}:                  "LGS-01 LGS-02 ABJ-01",
		{Search: "lagos", Sort: "-name"}: "LGS-01 LGS-02",
	} {
		var got []string
		for s, err := range cli.Narrowed(n, shops(), texts, output.Items(list)) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, s.code)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%+v: got %q, want %q", n, got, want)
		}
	}
	err := cli.CheckNarrow(cli.Narrow{Sort: "colour"}, shops())
	if failure.KindOf(err) != failure.Usage || err.Error() != `--sort: unknown field "colour"` || failure.HintOf(err) != "the fields are code, name" {
		t.Errorf("got %v (%s), want an unknown field with the fields that exist", err, failure.HintOf(err))
	}
}

// Part of a list is never shown as the whole: an error ends a sorted list, too.
func TestNarrowPassesErrorsOn(t *testing.T) {
	broken := errors.New("page 2 is missing")
	list := func(yield func(shop, error) bool) {
		_ = yield(shop{code: "A"}, nil) && yield(shop{}, broken)
	}
	for _, n := range []cli.Narrow{{Search: "a"}, {Sort: "code"}, {Search: "b", Sort: "code"}} {
		var last error
		for _, err := range cli.Narrowed(n, shops(), func(s shop) []string { return []string{s.code} }, list) {
			last = err
		}
		if !errors.Is(last, broken) {
			t.Errorf("%+v: the list ended with %v", n, last)
		}
	}
}

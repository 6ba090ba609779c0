package output_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/bayworks/stockctl/internal/output"
)

type remark struct{ Level, What, Cure string }

func remarks() output.View[remark] {
	return output.View[remark]{Columns: []output.Column[remark]{
		{Name: "level", Title: "LEVEL", Value: func(r remark) any { return r.Level }, Mark: func(remark) output.Mark { return output.MarkOK }},
		{Name: "what", Title: "WHAT", Value: func(r remark) any { return r.What }},
		{Name: "cure", Title: "CURE", Value: func(r remark) any { return r.Cure }},
	}}
}

func TestProse(t *testing.T) {
	list := []remark{
		{"bad", "the quick brown fox \x1b[31mjumps", "run `fox --stop`"},
		{"ok", "fine", ""},
		{"odd", "", ""},
		{"bad", "an-unbreakable-word-of-some-length 中文中文 中文", ""},
	}
	for name, test := range map[string]struct {
		options output.Options
		want    string
	}{
		"terminal": {
			output.Options{Terminal: true, Width: 22},
			"bad   the quick brown\n      fox\n      \\x1b[31mjumps\n      run `fox --stop`\nok    fine\nodd   \n" +
				"bad   an-unbreakable-word-of-some-length\n      中文中文 中文\n",
		},
		"colour": {
			output.Options{Terminal: true, Width: 200, Color: true},
			"\x1b[32mbad\x1b[0m   the quick brown fox \\x1b[31mjumps\n      run `fox --stop`\n\x1b[32mok\x1b[0m    fine\n\x1b[32modd\x1b[0m   \n" +
				"\x1b[32mbad\x1b[0m   an-unbreakable-word-of-some-length 中文中文 中文\n",
		},
		"pipe": {
			output.Options{},
			"level\twhat\tcure\nbad\tthe quick brown fox \\x1b[31mjumps\trun `fox --stop`\nok\tfine\t\nodd\t\t\n" +
				"bad\tan-unbreakable-word-of-some-length 中文中文 中文\t\n",
		},
		"columns": {
			output.Options{Terminal: true, Columns: []string{"level"}},
			"LEVEL\nbad\nok\nodd\nbad\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			test.options.Out = &out
			p, err := output.New(test.options)
			if err != nil {
				t.Fatal(err)
			}
			if err := output.Prose(p, remarks(), []int{4}, output.Items(list)); err != nil {
				t.Fatal(err)
			}
			if out.String() != test.want {
				t.Errorf("got\n%q\nwant\n%q", out.String(), test.want)
			}
		})
	}
}

// Items before an error are shown.
func TestProseIsWrittenAsItComes(t *testing.T) {
	var out bytes.Buffer
	p, err := output.New(output.Options{Out: &out, Terminal: true})
	if err != nil {
		t.Fatal(err)
	}
	gone := errors.New("gone")
	err = output.Prose(p, remarks(), []int{4}, func(yield func(remark, error) bool) {
		if !yield(remark{"ok", "fine", ""}, nil) {
			return
		}
		if out.String() != "ok    fine\n" {
			t.Errorf("before the second item is asked for, there is %q", out.String())
		}
		yield(remark{}, gone)
	})
	if !errors.Is(err, gone) {
		t.Errorf("got %v, want %v", err, gone)
	}
}

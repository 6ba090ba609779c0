package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"time"

	"github.com/dustin/go-humanize"
)

//go:embed page.html
var pageText string

//go:embed page.css
var styleText string

//go:embed page.js
var scriptText string

// page is the data of the template.
type page struct {
	Policy   string
	Style    template.CSS
	Script   template.JS
	Store    string
	At       string
	Since    string
	Warnings []string
	Figures  []Figure
	Sections []section
}

// Figure is one of the large figures at the top.
type Figure struct{ Name, Value string }

type section struct {
	ID, Title string
	Chart     *Chart
	Tables    []Table
}

// Write writes the page.
func (s *Store) Write(w io.Writer) error {
	s.complete()
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		return err
	}
	return t.Execute(w, s.page())
}

// policy allows only the page's own style and script.
func policy() string {
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return fmt.Sprintf("default-src 'none'; style-src %s; script-src %s; img-src data:; base-uri 'none'; form-action 'none'", hash(styleText), hash(scriptText))
}

func (s *Store) page() page {
	onHand, bars := s.lines(), s.bars()
	p := page{
		Policy: policy(), Style: template.CSS(styleText), Script: template.JS(scriptText),
		Store: clean(s.Store), At: s.Now.In(s.Zone).Format("2006-01-02 15:04 MST"), Since: s.begin.Format(time.DateOnly),
		Figures: s.figures(),
		Sections: []section{
			{"warehouses", "Stock by warehouse", &onHand, []Table{s.stock()}},
			{"running-out", "Low and running out", nil, []Table{s.lacking()}},
			{"moved", "Movements", &bars, []Table{s.moved()}},
			{"movers", "Top and slow movers", nil, []Table{s.movers(), s.slow()}},
			{"lost", "Shrinkage", nil, []Table{s.lost()}},
		},
	}
	for _, warning := range s.Warnings {
		p.Warnings = append(p.Warnings, clean(warning))
	}
	return p
}

func (s *Store) figures() []Figure {
	var onHand, reserved, sold, lost int64
	low, out, soon := 0, 0, 0
	for _, p := range s.warehouses {
		onHand, reserved, sold, lost = onHand+p.onHand, reserved+p.reserved, sold+p.sold, lost+p.damaged+p.adjusted
		low, out = low+p.low, out+p.out
	}
	for _, h := range s.order {
		if h.Needs > value(h.AvailableQty) {
			soon++
		}
	}
	figure := func(name string, n int64) Figure { return Figure{name, humanize.Comma(n)} }
	return []Figure{
		figure("records", int64(len(s.order))), figure("on hand", onHand), figure("reserved", reserved),
		figure("low", int64(low)), figure("out of stock", int64(out)),
		figure(fmt.Sprintf("run out within %d days", s.Cover), int64(soon)),
		figure("sold", sold), figure("damaged or adjusted down", lost),
	}
}

package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

// The size of a chart in SVG units.
const (
	chartWidth  = 720
	chartHeight = 240
	left, right = 56, 8
	top, bottom = 10, 24
)

// Chart is an SVG chart with a description.
type Chart struct {
	ID, Title, Words string
	Paths            []Path
	Rows, Days       []Tick
	Legend           []Path
	Zero             string
	Unknown          string // the width of the part that is not certain; may be blank
}

// Path is a line, or all bars of one action.
type Path struct{ Name, Class, D string }

// Tick is a tick mark of an axis.
type Tick struct{ At, Text string }

// scale maps days and quantities to coordinates.
type scale struct {
	low, high int64
	n         int
}

func (c scale) x(i int) float64 {
	return left + (float64(i)+0.5)*float64(chartWidth-left-right)/float64(c.n)
}

func (c scale) y(v int64) float64 {
	span := max(1, c.high-c.low)
	return top + float64(c.high-v)*float64(chartHeight-top-bottom)/float64(span)
}

func number(f float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(f, 'f', 1, 64), "0"), ".")
}

// widen extends the scale to include a value.
func (c *scale) widen(v int64) {
	c.low, c.high = min(c.low, v), max(c.high, v)
}

// round extends the scale to round numbers and returns the ticks.
func (c *scale) round() (rows []Tick) {
	step := int64(1)
	for _, f := range []int64{1, 2, 5} {
		for s := f; s > 0 && s < 1<<60; s *= 10 {
			if (c.high-c.low)/s <= 5 && (step == 1 || s < step) {
				step = s
				break
			}
		}
	}
	c.high, c.low = (c.high+step-1)/step*step, -((-c.low + step - 1) / step * step)
	if c.high == c.low {
		c.high += step
	}
	for v := c.low; v <= c.high; v += step {
		rows = append(rows, Tick{number(c.y(v)), humanize.Comma(v)})
	}
	return rows
}

// dayTicks returns the ticks of the time axis.
func (s *Store) dayTicks(c scale) (out []Tick) {
	const most = 6
	for i := 0; i < c.n; i += max(1, (c.n+most-1)/most) {
		out = append(out, Tick{number(c.x(i)), s.day(i * s.perBucket()).Format("2 Jan")})
	}
	return out
}

func (s *Store) day(i int) time.Time { return s.begin.AddDate(0, 0, i) }

// lines draws the quantity on hand in each warehouse.
func (s *Store) lines() Chart {
	per := s.perBucket()
	c := scale{n: len(s.buckets)}
	chart := Chart{ID: "onhand", Title: "On hand by warehouse"}
	var series [][]int64
	var names []string
	for _, p := range s.warehouses {
		all := s.onHand(p)
		if len(series) == maxLines { // combine the rest in one line
			for i, v := range sampled(all, per) {
				series[maxLines-1][i] += v
			}
			names[maxLines-1] = "the others"
			continue
		}
		series, names = append(series, sampled(all, per)), append(names, clean(p.name))
	}
	for _, values := range series {
		for _, v := range values {
			c.widen(v)
		}
	}
	chart.Rows = c.round()
	var words []string
	for k, values := range series {
		var d strings.Builder
		for i, v := range values {
			fmt.Fprintf(&d, "%s%s %s", map[bool]string{true: "M", false: "L"}[i == 0], number(c.x(i)), number(c.y(v)))
		}
		chart.Paths = append(chart.Paths, Path{names[k], fmt.Sprintf("line s%d", k), d.String()})
		words = append(words, fmt.Sprintf("%s: %s on %s, %s now", names[k], humanize.Comma(values[0]), s.begin.Format(time.DateOnly), humanize.Comma(values[len(values)-1])))
	}
	chart.Legend = chart.Paths
	chart.Words = strings.Join(words, "; ")
	chart.Days, chart.Zero = s.dayTicks(c), number(c.y(0))
	if s.Gaps || s.LogFrom.After(s.begin) {
		day := s.days - 1
		if !s.Gaps {
			day = min(s.dayOf(s.LogFrom), day)
		}
		chart.Unknown = number(max(0, c.x(day/per)-left))
		chart.Words += "; not certain before " + s.day(day).Format(time.DateOnly)
	}
	return chart
}

// maxLines is how many lines of a chart are easy to distinguish.
const maxLines = 6

// sampled returns the last of every per values.
func sampled(values []int64, per int) []int64 {
	var out []int64
	for i := 0; i < len(values); i += per {
		out = append(out, values[min(i+per, len(values))-1])
	}
	return out
}

// actionOrder is the order in which actions are drawn, from the axis outwards. Others
// come last.
func actionOrder() []string {
	return []string{"RECEIVED", "RETURNED", "TRANSFERRED_IN", "SOLD", "TRANSFERRED_OUT", "DAMAGED", "ADJUSTED"}
}

// bars draws incoming units above the axis and outgoing units below it.
func (s *Store) bars() Chart {
	c := scale{n: len(s.buckets)}
	chart := Chart{ID: "movements", Title: "Units in and out, by day and action"}
	var in, out int64
	for _, b := range s.buckets {
		ups, downs := total(b.in), total(b.out)
		c.widen(ups)
		c.widen(-downs)
		in, out = in+ups, out+downs
	}
	chart.Rows = c.round()
	ups, downs := make([]int64, c.n), make([]int64, c.n)
	width := max(1, float64(chartWidth-left-right)/float64(c.n)-1)
	for k, action := range s.allActions() {
		var d strings.Builder
		for i, b := range s.buckets {
			if n := b.in[action]; n > 0 {
				bar(&d, c, i, width, ups[i], ups[i]+n)
				ups[i] += n
			}
			if n := b.out[action]; n > 0 {
				bar(&d, c, i, width, -downs[i]-n, -downs[i])
				downs[i] += n
			}
		}
		if d.Len() > 0 {
			chart.Paths = append(chart.Paths, Path{clean(action), fmt.Sprintf("bar a%d", min(k, len(actionOrder()))), d.String()})
		}
	}
	chart.Legend, chart.Days, chart.Zero = chart.Paths, s.dayTicks(c), number(c.y(0))
	chart.Words = fmt.Sprintf("%s units came in and %s went out since %s", humanize.Comma(in), humanize.Comma(out), s.begin.Format(time.DateOnly))
	return chart
}

func bar(d *strings.Builder, c scale, i int, width float64, from, to int64) {
	fmt.Fprintf(d, "M%s %sH%sV%sH%sZ", number(c.x(i)-width/2), number(c.y(from)), number(c.x(i)+width/2), number(c.y(to)), number(c.x(i)-width/2))
}

func total(m map[string]int64) (n int64) {
	for _, v := range m {
		n += v
	}
	return n
}

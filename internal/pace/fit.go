package pace

import (
	"math"
	"slices"
	"time"
)

// history has the departure times of the newest requests accepted since the last cut.
type history []time.Time

const longestHistory = 4096

func (h *history) add(at time.Time) {
	if len(*h) == longestHistory {
		*h = slices.Delete(*h, 0, longestHistory/2)
	}
	*h = append(*h, at)
}

// before returns how long before a time each request left, in seconds, the latest first.
func (h history) before(at time.Time) []float64 {
	out := make([]float64, 0, len(h))
	for _, one := range h {
		if one.Before(at) {
			out = append(out, at.Sub(one).Seconds())
		}
	}
	slices.Sort(out)
	return out
}

// bounds is what a bucket for one request allows per second: low, because requests were
// accepted that close together, and less than high, because a request that close to an
// accepted one was refused. Without such requests, low is 0, or high is infinite.
type bounds struct{ low, high float64 }

// boundsOf returns the bounds that follow from the departures of requests. It ignores a few
// gaps between accepted ones that may be shorter by chance.
func boundsOf(accepted, refused history) (b bounds) {
	sorted := slices.SortedFunc(slices.Values(accepted), time.Time.Compare)
	gaps := make([]float64, 0, len(sorted))
	for i := 1; i < len(sorted); i++ {
		gaps = append(gaps, sorted[i].Sub(sorted[i-1]).Seconds())
	}
	if slices.Sort(gaps); len(gaps) > 0 {
		b.low = 1 / max(gaps[min(2, len(gaps)/16)], 1/fastest)
	}
	longest := 0.0
	for _, at := range refused {
		if i, _ := slices.BinarySearchFunc(sorted, at, time.Time.Compare); i > 0 {
			longest = max(longest, at.Sub(sorted[i-1]).Seconds())
		}
	}
	b.high = 1 / longest
	return b
}

// between returns a likely rate. By chance, the lower bound may be too high.
func (b bounds) between() float64 { return math.Sqrt(min(b.low, b.high) * b.high) }

// burst returns how many requests a bucket must have held, if it is filled at a rate and
// was empty after these requests.
func burst(ages []float64, rate float64) float64 {
	return max(0, lacking(ages, rate))
}

// lacking returns the same, but below 0 if even a bucket for one request was full.
func lacking(ages []float64, rate float64) float64 {
	most := math.Inf(-1)
	for i, age := range ages {
		most = max(most, float64(i+1)-rate*age)
	}
	return most
}

// fit returns the rate between low and high at which the same bucket for several requests
// explains two overshoots, or 0 if there is none. Of several buckets it prefers the one
// that holds what it gets in a tenth of a second.
func fit(one, other []float64, low, high float64) (rate float64) {
	differ := func(rate float64) float64 { return burst(one, rate) - burst(other, rate) }
	step, least := math.Pow(high/low, 1./32), math.Inf(1)
	for range 32 {
		found := root(differ, low, low*step)
		low *= step
		if size := burst(other, found); found > 0 && size >= several {
			if odd := math.Abs(math.Log(10 * size / found)); odd < least {
				rate, least = found, odd
			}
		}
	}
	return rate
}

// several is how many requests a bucket holds if its size can be used.
const several = 3

// root returns where a function changes its sign, or 0 if it does not.
func root(f func(float64) float64, low, high float64) float64 {
	atLow := f(low) > 0
	if atLow == (f(high) > 0) {
		return 0
	}
	for range 30 {
		if mid := (low + high) / 2; (f(mid) > 0) == atLow {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}

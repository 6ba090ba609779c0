package api

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/bayworks/stockctl/internal/failure"
)

var (
	grouped = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[+-]?[0-9]{1,3}([,'_ \x{a0}\x{202f}\x{2019}][0-9]{3})+$`)
	})
	exponent = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+$`) })
)

// ParseQuantity reads a quantity: an optional sign and the digits 0-9, within 32 bits.
// It guesses nothing. For other notations that people and spreadsheets use, the error
// says how to write the number.
func ParseQuantity(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 32)
	if err == nil {
		return n, nil
	}
	shown := failure.Clip(s, 40)
	switch {
	case strings.TrimSpace(s) == "":
		return 0, errors.New("is blank: write 0 for none")
	case grouped().MatchString(s):
		return 0, fmt.Errorf("%s: leave out the thousands separator", shown)
	case exponent().MatchString(s):
		return 0, fmt.Errorf("%s: write the number in full, because a spreadsheet may have shortened it", shown)
	case strings.TrimSpace(s) != s:
		return 0, errors.New("has spaces around it")
	case errors.Is(err, strconv.ErrRange):
		return 0, fmt.Errorf("must be between %d and %d, not %s", math.MinInt32, math.MaxInt32, shown)
	}
	return 0, fmt.Errorf("must be a whole number, not %s", shown)
}

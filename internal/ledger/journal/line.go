package journal

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// Intent is written before a row is sent. It contains what a later run needs to find
// out whether the row was applied.
type Intent struct {
	Row     int64
	Line    int // of the file, for messages
	Attempt int // from 1; an attempt that clearly did not happen does not count
	At      time.Time
	First   time.Time // set when read back: At of the row's first intent
	Token   string    // what to search the log for; blank for a create
	Record  string    // the record's id; blank for a create
	Qty     int64     // the change that is sent; 0 for a create
}

// Outcome is written when a row has reached a state.
type Outcome struct {
	Row     int64
	State   State
	Code    string
	Message string
}

const (
	intentMark  = "i"
	outcomeMark = "o"
)

var errLine = errors.New("is not a line of a journal")

func (i Intent) append(b []byte) []byte {
	b = append(b, intentMark...)
	for _, n := range []int64{i.Row, int64(i.Line), int64(i.Attempt), i.At.UnixMilli(), i.Qty} {
		b = strconv.AppendInt(append(b, '\t'), n, 10)
	}
	b = strconv.AppendQuote(append(b, '\t'), i.Token)
	return strconv.AppendQuote(append(b, '\t'), i.Record)
}

func (o Outcome) append(b []byte) []byte {
	b = append(b, outcomeMark...)
	b = strconv.AppendInt(append(b, '\t'), o.Row, 10)
	b = append(append(b, '\t'), o.State.String()...)
	b = strconv.AppendQuote(append(b, '\t'), o.Code)
	return strconv.AppendQuote(append(b, '\t'), o.Message)
}

// parse parses a line into an Intent or an Outcome.
func parse(text string) (any, error) {
	parts := strings.Split(text, "\t")
	if parts[0] == intentMark && len(parts) == 8 {
		return parseIntent(parts)
	}
	if parts[0] == outcomeMark && len(parts) == 5 {
		return parseOutcome(parts)
	}
	return nil, errLine
}

func parseIntent(parts []string) (Intent, error) {
	var n [5]int64
	for i := range n {
		var err error
		if n[i], err = strconv.ParseInt(parts[i+1], 10, 64); err != nil {
			return Intent{}, errLine
		}
	}
	token, errToken := strconv.Unquote(parts[6])
	record, errRecord := strconv.Unquote(parts[7])
	if errToken != nil || errRecord != nil || n[0] < 1 {
		return Intent{}, errLine
	}
	return Intent{
		Row: n[0], Line: int(n[1]), Attempt: int(n[2]), At: time.UnixMilli(n[3]), Qty: n[4], Token: token, Record: record,
	}, nil
}

func parseOutcome(parts []string) (Outcome, error) {
	row, errRow := strconv.ParseInt(parts[1], 10, 64)
	state, known := parseState(parts[2])
	code, errCode := strconv.Unquote(parts[3])
	message, errMessage := strconv.Unquote(parts[4])
	if errRow != nil || row < 1 || !known || errCode != nil || errMessage != nil {
		return Outcome{}, errLine
	}
	return Outcome{row, state, code, message}, nil
}

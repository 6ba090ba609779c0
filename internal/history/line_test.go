package history_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/history"
	"github.com/bayworks/stockctl/internal/movements"
)

// life is a record with a known history.
type life struct {
	source history.Source
	states []history.Row // after each movement, oldest first
	first  time.Time
}

func begin() time.Time { return time.Date(2026, 8, 1, 6, 30, 0, 0, time.UTC) }

func end() time.Time { return begin().AddDate(0, 0, 60) }

// live makes up a life with n movements, some of them at the same time.
func live(seed uint64, n int) life {
	random := rand.New(rand.NewPCG(seed, 7))
	at := begin()
	onHand, reserved := int64(0), int64(0)
	created := api.Time{Time: at, Zoned: true}
	l := life{first: at, source: history.Source{Record: api.Record{ID: "inv_1", CreatedAt: &created}, LogFrom: at.Add(-time.Hour), Now: end(), Zone: time.UTC}}
	for i := range n {
		m := movements.Movement{ID: fmt.Sprintf("log_%04d", i), RecordID: "inv_1", At: at, Dated: true}
		switch pick := random.IntN(5); {
		case i == 0 || onHand < 5:
			m.Action, m.Qty = "RECEIVED", random.Int64N(50)+10
		case pick == 0 && onHand > reserved:
			m.Action, m.Qty = "RESERVED", -(random.Int64N(onHand-reserved) + 1)
		case pick == 1 && reserved > 0:
			m.Action, m.Qty = "RELEASED", random.Int64N(reserved)+1
		default:
			m.Action, m.Qty = "SOLD", -(random.Int64N(onHand) + 1)
		}
		change, set := m.Stock()
		onHand, reserved = onHand+change, reserved+set
		row := history.Row{Date: at.Format(time.RFC3339Nano), OnHand: onHand, Action: m.Action, MovementID: m.ID}
		row.Reserved = ptr(reserved)
		if change > 0 {
			row.In = change
		} else {
			row.Out = -change
		}
		l.states = append(l.states, row)
		l.source.Moves = append(l.source.Moves, m)
		if random.IntN(4) > 0 {
			at = at.Add(time.Duration(random.Int64N(int64(60*24*time.Hour) / int64(n))))
		}
	}
	l.source.Record.OnHandQty, l.source.Record.ReservedQty = ptr(onHand), ptr(reserved)
	last := api.Time{Time: l.source.Moves[n-1].At, Zoned: true}
	l.source.Record.LastStockAdjusted = &last
	return l
}

func ptr(n int64) *int64 { return &n }

// days returns the true history by day.
func (l life) days(since time.Time) map[string]history.Row {
	rows := map[string]history.Row{}
	for day := history.Midnight(since, time.UTC); !day.After(end()); day = day.AddDate(0, 0, 1) {
		row := history.Row{Date: day.Format(time.DateOnly), Reserved: ptr(0)}
		for _, s := range l.states {
			at, err := time.Parse(time.RFC3339Nano, s.Date)
			if err != nil {
				panic(err)
			}
			if at.Before(day.AddDate(0, 0, 1)) {
				row.OnHand, row.Reserved = s.OnHand, s.Reserved
				if !at.Before(day) {
					row.In += s.In
					row.Out += s.Out
				}
			}
		}
		rows[row.Date] = row
	}
	return rows
}

// The reconstructed line must equal the true one, by movement and by day, for any
// order of the log.
func TestLineIsExact(t *testing.T) {
	for seed := range uint64(40) {
		l := live(seed, 120)
		for name, arrange := range map[string]func([]movements.Movement){
			"oldest first": func([]movements.Movement) {},
			"newest first": slices.Reverse[[]movements.Movement],
		} {
			source := l.source
			source.Moves = slices.Clone(source.Moves)
			arrange(source.Moves)
			source.NewestFirst = name == "newest first"
			line := history.Rebuild(source)
			if !line.Certain.IsZero() || len(line.Doubts) > 0 {
				t.Fatalf("seed %d, %s: %v", seed, name, line.Doubts)
			}
			want := slices.Clone(l.states)
			for i := range want {
				want[i].Certain = true
			}
			if diff := cmp.Diff(want, line.ByMovement(time.Time{})); diff != "" {
				t.Fatalf("seed %d, %s: %s", seed, name, diff)
			}
			checkDays(t, l, line, begin().AddDate(0, 0, -9), 61)
			checkDays(t, l, line, begin().AddDate(0, 0, 20), 41)
		}
	}
}

// checkDays compares the certain days with the truth.
func checkDays(t *testing.T, l life, line history.Line, since time.Time, certain int) {
	t.Helper()
	truth := l.days(begin())
	n := 0
	for _, row := range line.ByDay(since, time.UTC) {
		if !row.Certain {
			continue
		}
		n++
		want := truth[row.Date]
		want.Certain = true
		if row.Reserved == nil {
			want.Reserved = nil
		}
		if diff := cmp.Diff(want, row); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
	}
	if certain >= 0 && n != certain {
		t.Fatalf("%d days are certain, want %d", n, certain)
	}
}

// Swapped movements at the same time must not change the history by day or raise
// doubts.
func TestOrderOfSimultaneousMovements(t *testing.T) {
	for seed := range uint64(20) {
		l := live(seed, 120)
		source := l.source
		source.Moves = slices.Clone(source.Moves)
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(source.Moves), func(i, j int) {
			source.Moves[i], source.Moves[j] = source.Moves[j], source.Moves[i]
		})
		line := history.Rebuild(source)
		if len(line.Doubts) > 0 && line.Steps[0].ID == l.source.Moves[0].ID {
			t.Fatalf("seed %d: %v", seed, line.Doubts)
		}
		checkDays(t, l, line, begin(), -1)
	}
}

// If old entries are missing, everything since the first remaining one is certain
// and true.
func TestOldEntriesAreMissing(t *testing.T) {
	for seed := range uint64(40) {
		l := live(seed, 120)
		source := l.source
		from := begin().AddDate(0, 0, 25)
		source.LogFrom = from
		source.Moves = slices.DeleteFunc(slices.Clone(source.Moves), func(m movements.Movement) bool { return m.At.Before(from) })
		line := history.Rebuild(source)
		if !line.Certain.Equal(from) || len(line.Doubts) != 1 || line.Doubts[0] != "the movement log begins on 2026-08-26" {
			t.Fatalf("seed %d: certain since %s: %q", seed, line.Certain, line.Doubts)
		}
		checkDays(t, l, line, begin(), 60-25)
		for _, row := range line.ByMovement(time.Time{}) {
			if !row.Certain {
				t.Fatalf("got %+v, want a certain row", row)
			}
		}
	}
}

// If a movement is missing from a log that contains the beginning of the record, the
// two disagree. Nothing that is called certain may be wrong.
func TestLogDisagrees(t *testing.T) {
	for seed := range uint64(60) {
		l := live(seed, 120)
		source := l.source
		lost := 1 + int(seed)*118/60
		change, _ := source.Moves[lost].Stock()
		source.Moves = slices.Delete(slices.Clone(source.Moves), lost, lost+1)
		line := history.Rebuild(source)
		if change == 0 {
			continue
		}
		if len(line.Doubts) == 0 || !strings.HasPrefix(line.Doubts[0], "the movement log disagrees with the ") {
			t.Fatalf("seed %d: %q", seed, line.Doubts)
		}
		checkDays(t, l, line, begin(), -1)
	}
}

func TestDoubts(t *testing.T) {
	for name, test := range map[string]struct {
		set     func(*history.Source)
		certain time.Time
		doubts  string
	}{
		"the last movement is missing": {
			func(s *history.Source) {
				s.Record.LastStockAdjusted = &api.Time{Time: end().Add(-time.Hour), Zoned: true}
			},
			end().Add(-time.Hour), "the record was last adjusted on 2026-09-30, which is not in the movement log",
		},
		"no time": {
			func(s *history.Source) { s.Moves[5].At, s.Moves[5].Dated = time.Time{}, false },
			end(), "1 movement of this record is without a time in the log",
		},
		"gaps":         {func(s *history.Source) { s.Gaps = true }, end(), "the API returns only a part of the movement log, in no known order"},
		"an empty log": {func(s *history.Source) { s.Moves, s.LogFrom = nil, time.Time{}; s.Record.CreatedAt = nil }, end(), "the movement log is empty"},
		"no date of creation": {
			func(s *history.Source) { s.Record.CreatedAt = nil },
			begin().Add(-time.Hour), "the movement log begins on 2026-08-01",
		},
	} {
		t.Run(name, func(t *testing.T) {
			source := live(3, 40).source
			source.Record.LastStockAdjusted = nil
			test.set(&source)
			line := history.Rebuild(source)
			if !line.Certain.Equal(test.certain) || len(line.Doubts) != 1 || line.Doubts[0] != test.doubts {
				t.Errorf("certain since %s: %q", line.Certain, line.Doubts)
			}
		})
	}
}

// A reservation that ended without a movement makes the reserved quantities
// uncertain, and nothing else.
func TestReservedWithoutRelease(t *testing.T) {
	at := begin()
	move := func(id, action string, qty int64, days int) movements.Movement {
		return movements.Movement{ID: id, Action: action, Qty: qty, At: at.AddDate(0, 0, days), Dated: true}
	}
	line := history.Rebuild(history.Source{
		Record:  api.Record{OnHandQty: ptr(6), ReservedQty: ptr(0), CreatedAt: &api.Time{Time: at, Zoned: true}},
		Moves:   []movements.Movement{move("a", "RECEIVED", 10, 0), move("b", "RESERVED", 4, 1), move("c", "SOLD", -4, 2)},
		LogFrom: at, Now: at.AddDate(0, 0, 3),
	})
	want := []history.Row{
		{Date: "2026-08-01", OnHand: 10, In: 10, Certain: true},
		{Date: "2026-08-02", OnHand: 10, Certain: true},
		{Date: "2026-08-03", OnHand: 6, Out: 4, Certain: true, Reserved: ptr(0)},
		{Date: "2026-08-04", OnHand: 6, Certain: true, Reserved: ptr(0)},
	}
	if diff := cmp.Diff(want, line.ByDay(time.Time{}, time.UTC)); diff != "" {
		t.Error(diff, line.Doubts)
	}
}

package stock_test

import (
	"fmt"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/stock"
)

// The text of a key and the shard of a record must never change: files and jobs of every
// version depend on them.
func TestKeysAndShardsNeverChange(t *testing.T) {
	for _, c := range []struct {
		key   stock.Key
		text  string
		parts [3]int // of 2, of 3, of 7
	}{
		{stock.Key{Record: "inv_xyz789"}, "inv_xyz789", [3]int{1, 1, 3}},
		{stock.Key{Record: "inv_xyz789", Address: stock.Address{Product: "p", Warehouse: "w"}}, "inv_xyz789", [3]int{1, 1, 3}},
		{stock.Key{Address: stock.Address{Product: "prod_abc123", Warehouse: "wh_abc123"}}, "prod_abc123\x00\x00wh_abc123", [3]int{1, 1, 2}},
		{stock.Key{Address: stock.Address{Product: "prod_phone_789", SKU: "sku_red_256gb", Warehouse: "wh_abc123"}}, "prod_phone_789\x00sku_red_256gb\x00wh_abc123", [3]int{1, 0, 0}},
		{stock.Key{}, "\x00\x00", [3]int{0, 0, 2}},
	} {
		if got := c.key.Text(); got != c.text {
			t.Errorf("%+v is %q, want %q", c.key, got, c.text)
		}
		for i, n := range []int{2, 3, 7} {
			for part := range n {
				if got := (stock.Shard{I: part, N: n}).Has(c.text); got != (part == c.parts[i]) {
					t.Errorf("%q is in shard %d/%d: %t, want %d/%d", c.text, part, n, got, c.parts[i], n)
				}
			}
		}
		for _, whole := range []stock.Shard{{}, {N: 1}} {
			if !whole.Has(c.text) || !whole.Whole() {
				t.Errorf("%q is not in the whole", c.text)
			}
		}
	}
	if (stock.Shard{N: 2}).Whole() {
		t.Error("half of the file was accepted")
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]stock.Shard{"0/1": {I: 0, N: 1}, "0/4": {I: 0, N: 4}, "3/4": {I: 3, N: 4}} {
		if got, err := stock.ParseShard(text); err != nil || got != want || got.String() != text {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"":     `--shard must be I/N, such as 0/4, not ""`,
		"1":    `--shard must be I/N, such as 0/4, not "1"`,
		"x/2":  `--shard must be I/N, such as 0/4, not "x/2"`,
		"0/0":  `--shard must be I/N, such as 0/4, not "0/0"`,
		"-1/2": `--shard must be I/N, such as 0/4, not "-1/2"`,
		"4/4":  "--shard 4/4: shards are counted from 0, so the last of 4 is 3/4",
	} {
		if _, err := stock.ParseShard(text); failure.KindOf(err) != failure.Usage || err.Error() != want {
			t.Errorf("%q: got %v, want %+v", text, err, want)
		}
	}
	if got := (stock.Shard{}).String(); got != "" {
		t.Errorf("the whole is %q", got)
	}
	if got := fmt.Sprint(stock.Modes()); got != "[create adjust set]" {
		t.Errorf("the modes are %s", got)
	}
	for _, text := range stock.Modes() {
		if got, err := stock.ParseMode(text); err != nil || string(got) != text {
			t.Errorf("%s: got %s and %v, want the same mode", text, got, err)
		}
	}
	if _, err := stock.ParseMode("move"); failure.KindOf(err) != failure.Usage || err.Error() != `--mode must be create, adjust or set, not "move"` {
		t.Errorf("got %v", err)
	}
}

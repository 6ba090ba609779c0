package cmd_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The shard of a record must be the same in every version, since different versions may
// import the shards of one file. The numbers are the first eight bytes of the SHA-256 of
// the record's id, or of product, SKU and warehouse separated by zero bytes, modulo 7.
// They were computed independently and must never change.
func TestWhichShardOwnsARecordNeverChanges(t *testing.T) {
	byAddress := map[string]int{
		"prod_0001@LGS-01": 5, "prod_0002@LGS-01": 6, "prod_0003@LGS-01": 2, "prod_0004@LGS-01": 6, "prod_0005@LGS-01": 2,
		"prod_0001@ABJ-01": 6, "prod_mug@LGS-01": 0, "prod_mug@ABJ-01": 3, "Prod_0001@LGS-01": 6, "0042@LGS-01": 3,
		"prod_phone_789/sku_red_256gb@ABJ-01": 0, "prod_phone_789/sku_blue_128gb@ABJ-01": 4,
	}
	byID := map[string]int{"inv_xyz789": 3, "inv_red256": 2, "inv_0001": 0, "inv_0002": 2, "inv_0003": 2, "7": 2, "inv_größe": 1}

	_, u := newShop(t)
	// Other spellings of a name are the same record, since the shard depends on ids.
	spelt := map[string]string{"LGS-01": "lgs-01", "ABJ-01": "Abuja"}
	text := "productId,skuId,warehouseId,initialQty\n"
	for address := range byAddress {
		item, warehouse, _ := strings.Cut(address, "@")
		product, sku, _ := strings.Cut(item, "/")
		text += fmt.Sprintf("%s,%s,%s,1\n", product, sku, spelt[warehouse])
	}
	addresses := u.file(t, "addresses.csv", text)
	text = "inventoryId,qty,action\n"
	for id := range byID {
		text += id + ",1,received\n"
	}
	ids := u.file(t, "ids.csv", text)

	for _, test := range []struct {
		want map[string]int
		args []string
	}{{byAddress, []string{addresses}}, {byID, []string{ids, "--mode", "adjust"}}} {
		got := map[string]int{}
		for i := range 7 {
			args := append([]string{"inventory", "import", "--dry-run", "--no-header", "--columns", "record", "--shard", fmt.Sprintf("%d/7", i)}, test.args...)
			code, out, errOut := u.run(t, t.Context(), args...)
			if code != 0 {
				t.Fatalf("exit %d, want 0\n%s", code, errOut)
			}
			for record := range strings.Lines(out) {
				got[strings.TrimSuffix(record, "\n")] = i
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// Each row is in exactly one shard, and all rows of a record are in the same one, in the
// order of the file. Repeated rows have the same tokens as without shards, so importing
// the complete file under the same id finds nothing left to do.
func TestShardsKeepTheRowsOfARecordTogetherAndInOrder(t *testing.T) {
	server, u := newShop(t)
	products := []string{"prod_a", "prod_b", "prod_c", "prod_d", "prod_e", "prod_f"}
	server.opened(t, products...)
	quantities := []int64{3, -3, 3, -2, 3, -4} // in another order some would be refused
	text := "productId,warehouseId,qty,action\n"
	for _, qty := range quantities {
		for _, product := range products {
			text += fmt.Sprintf("%s,LGS-01,%d,adjusted\n", product, qty)
		}
	}
	file := u.file(t, "rows.csv", text)
	args := []string{"inventory", "import", file, "--mode", "adjust", "--import-id", "night-1"}
	order := map[string][]int64{}
	for i := range 3 {
		before := len(server.received())
		code, out, errOut := u.run(t, t.Context(), append(args, "--shard", fmt.Sprintf("%d/3", i))...)
		if code != 0 {
			t.Fatalf("shard %d: exit %d, want 0\n%s%s", i, code, out, errOut)
		}
		own := map[string][]int64{}
		for _, w := range server.received()[before:] {
			own[w.path] = append(own[w.path], w.qty())
		}
		for record, rows := range own {
			if _, twice := order[record]; twice {
				t.Errorf("%s is in two shards", record)
			}
			order[record] = rows
		}
	}
	if len(order) != len(products) {
		t.Errorf("records in all shards: got %v, want %d of them", slices.Collect(maps.Keys(order)), len(products))
	}
	for record, rows := range order {
		if !slices.Equal(rows, quantities) {
			t.Errorf("movements of %s: got %v, want %v", record, rows, quantities)
		}
	}
	sent := len(server.received())
	code, out, errOut := u.run(t, t.Context(), args...)
	if code != 0 || !strings.Contains(out, " 36 already there") || len(server.received()) != sent {
		t.Errorf("the whole file: exit %d, want 0, %d writes\n%s%s\nwant %q in it", code, len(server.received())-sent, out, errOut, " 36 already there")
	}
}

// Repeated rows of a record are in the same shard, so --duplicates has the same effect with
// and without shards.
func TestDuplicatesMeetInTheirShard(t *testing.T) {
	const text = "productId,warehouseId,initialQty\nprod_a,LGS-01,1\nprod_b,LGS-01,2\nprod_c,LGS-01,3\nprod_b,lgs-01,4\nprod_a,Lagos Main,5\n"
	for policy, want := range map[string]map[string]int64{
		"first": {"prod_a": 1, "prod_b": 2, "prod_c": 3},
		"last":  {"prod_a": 5, "prod_b": 4, "prod_c": 3},
	} {
		server, u := newShop(t)
		file := u.file(t, "rows.csv", text)
		for i := range 4 {
			if code, out, errOut := u.run(t, t.Context(), "inventory", "import", file, "--duplicates", policy, "--shard", fmt.Sprintf("%d/4", i)); code != 0 {
				t.Errorf("%s, shard %d: exit %d, want 0\n%s%s", policy, i, code, out, errOut)
			}
		}
		stock := server.stock(t)
		for product, qty := range want {
			if stock[product+"@wh_abc123"] != qty {
				t.Errorf("--duplicates %s: %s is %d, not %d", policy, product, stock[product+"@wh_abc123"], qty)
			}
		}
		if n := len(server.received()); n != 3 {
			t.Errorf("--duplicates %s: %d writes", policy, n)
		}
	}
	server, u := newShop(t)
	file, refused := u.file(t, "rows.csv", text), ""
	for i := range 4 {
		_, _, errOut := u.run(t, t.Context(), "inventory", "import", file, "--shard", fmt.Sprintf("%d/4", i))
		refused += errOut
	}
	for _, want := range []string{
		`rows.csv:5:1 productId "prod_b": is the same record as line 3 (--duplicates first or last takes one of them, sum adds them up)`,
		`rows.csv:6:1 productId "prod_a": is the same record as line 2 (--duplicates first or last takes one of them, sum adds them up)`,
	} {
		if !strings.Contains(refused, want) {
			t.Errorf("not reported: %s\n%s", want, refused)
		}
	}
	if stock := server.stock(t); stock["prod_a@wh_abc123"] != 0 || stock["prod_b@wh_abc123"] != 0 {
		t.Errorf("a record that is named twice was created: %v", stock)
	}
}

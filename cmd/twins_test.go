package cmd_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/sandbox"
)

// twin adds a second record to a list, for the item in Lagos.
func twin(body []byte, product string) []byte {
	var response map[string]any
	if json.Unmarshal(body, &response) != nil {
		return body
	}
	add := func(list []any) []any {
		for _, row := range list {
			if one, is := row.(map[string]any); is && one["productId"] == product && one["warehouseId"] == "wh_abc123" {
				other := maps.Clone(one)
				other["id"], other["onHandQty"] = "inv_twin", 60
				return append([]any{other}, list...)
			}
		}
		return list
	}
	switch data := response["data"].(type) {
	case []any:
		response["data"] = add(data)
	case map[string]any:
		if list, is := data["content"].([]any); is {
			data["content"] = add(list)
			data["totalElements"] = data["totalElements"].(float64) + float64(len(data["content"].([]any))-len(list))
		}
	}
	text, err := json.Marshal(response)
	if err != nil {
		return body
	}
	return text
}

// showTwins adds a second record of a product to the lists.
func (f *faultServer) showTwins(product string) {
	f.meddle = func(to http.ResponseWriter, r *http.Request, n int) bool {
		if n != 0 || !strings.HasPrefix(r.URL.Path, "/v1/inventory") || strings.HasSuffix(r.URL.Path, "/logs") {
			return false
		}
		_, _ = to.Write(twin(f.work(r).Body.Bytes(), product))
		return true
	}
}

// The same when an import is undone that created one of the records.
func TestUndoWithTwoRecordsOfOneItem(t *testing.T) {
	server, u := newShop(t)
	file := u.file(t, "rows.csv", "productId,warehouseId,initialQty\nprod_new,LGS-01,7\nprod_other,LGS-01,5\n")
	_, _, _ = u.run(t, t.Context(), "inventory", "import", file)
	_, run, _ := u.run(t, t.Context(), "inventory", "import", "runs", "--no-header", "--columns", "run")
	server.showTwins("prod_new")
	code, out, errOut := u.run(t, t.Context(), "inventory", "import", "undo", strings.TrimSpace(run), "--empty-created", "--yes")
	now := server.stock(t)
	if code != 10 || now["prod_new@wh_abc123"] != 7 || now["prod_other@wh_abc123"] != 0 || !strings.Contains(out+errOut, "has two inventory records, inv_") {
		t.Errorf("exit %d, want 10, %v\n%s%s\nwant %q in it", code, now, out, errOut, "has two inventory records, inv_")
	}
}

// If the store has two records of an item in a warehouse, nothing is written to either of
// them because it was listed first or last.
func TestTwoRecordsOfOneItem(t *testing.T) {
	var commands []writer
	for _, w := range writers() {
		switch {
		case w.name == "transfer, leaving":
			file := w
			file.name, file.file = "transfer of a file", "sku,from,to,qty\nprod_abc123,LGS-01,ABJ-01,2\n"
			file.args = []string{"inventory", "transfer", "-f", "FILE"}
			commands = append(commands, w, file)
		case strings.HasPrefix(w.path, "/adjust") && w.needs == nil, w.name == "reserve", w.name == "release":
			commands = append(commands, w)
		}
	}
	if len(commands) != 10 {
		t.Fatalf("%d commands", len(commands))
	}
	for _, w := range commands {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			server := newFaultServer(t, sandbox.Published)
			for _, record := range w.needs {
				if _, err := server.direct(t).CreateRecord(t.Context(), record); err != nil {
					t.Fatal(err)
				}
			}
			server.showTwins("prod_abc123")
			u := server.customer(t)
			args := make([]string, len(w.args))
			for i, arg := range w.args {
				args[i] = strings.ReplaceAll(arg, "FILE", u.file(t, "rows.csv", w.file))
			}
			before := fmt.Sprint(server.stock(t))
			code, out, errOut := u.run(t, t.Context(), args...)
			if code == 0 || fmt.Sprint(server.stock(t)) != before || !strings.Contains(out+errOut, "has two inventory records, inv_") {
				t.Errorf("exit %d, want a failure that names both records, and nothing changed\n%s%s", code, out, errOut)
			}
			code, out, errOut = u.run(t, t.Context(), "inventory", "list", "-o", "id")
			if code != 0 || !strings.Contains(out, "inv_twin\n") || !strings.Contains(out, "inv_xyz789\n") {
				t.Errorf("list: exit %d, want 0\n%s%s", code, out, errOut)
			}
		})
	}
}

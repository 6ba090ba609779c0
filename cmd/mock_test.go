package cmd_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// openMock starts a server that responds with the examples of docs/openapi.yaml, as mock
// servers do: with the lowest good status. It refuses a body that the document refuses.
func openMock(t *testing.T) *httptest.Server {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile("../docs/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		operation := described(doc, r)
		if operation == nil {
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"status":false,"message":"not described"}`)
			return
		}
		if operation.RequestBody != nil {
			var body any
			err := json.NewDecoder(r.Body).Decode(&body)
			if err == nil {
				err = operation.RequestBody.Value.Content.Get("application/json").Schema.Value.VisitJSON(body)
			}
			if err != nil {
				t.Errorf("%s %s is not as described: %v", r.Method, r.URL, err)
			}
		}
		for status := 200; status < 300; status++ {
			answer := operation.Responses.Value(strconv.Itoa(status))
			if answer == nil {
				continue
			}
			for _, example := range answer.Value.Content.Get("application/json").Examples {
				text, err := json.Marshal(example.Value.Value)
				if err != nil {
					t.Error(err)
				}
				w.WriteHeader(status)
				_, _ = w.Write(text)
				return
			}
		}
		t.Errorf("%s %s has no example", r.Method, r.URL)
	}))
	t.Cleanup(web.Close)
	return web
}

// described returns the operation of a request. A path without parameters wins.
func described(doc *openapi3.T, r *http.Request) *openapi3.Operation {
	if item := doc.Paths.Value(r.URL.Path); item != nil {
		return item.GetOperation(r.Method)
	}
	got := strings.Split(r.URL.Path, "/")
	for path, item := range doc.Paths.Map() {
		same := slices.EqualFunc(strings.Split(path, "/"), got, func(want, got string) bool {
			return want == got || strings.HasPrefix(want, "{")
		})
		if same {
			return item.GetOperation(r.Method)
		}
	}
	return nil
}

// The examples of docs/openapi.yaml fit together: the commands that name what they are
// about work against a mock server.
func TestTheExamplesOfTheContractFitTogether(t *testing.T) {
	web := openMock(t)
	u := customer(t, web.URL, "pk_test_1234567890", "s3cret-token")
	// A mock server has the same response for every id. A text that is not known to be a
	// code would be looked up as an id, and the response would be of another product.
	if code, out, errOut := u.run(t, t.Context(), "product", "sync"); code != 0 {
		t.Fatalf("product sync: exit %d, want 0\n%s%s", code, out, errOut)
	}
	for line, want := range map[string]string{
		"inventory create --product prod_phone_789 --sku sku_red_256gb --warehouse wh_def456 --initial-qty 50 --location B-02-1 --reorder-level 10 --reorder-qty 30 -o id": "inv_xyz789\n",
		"inventory create --sku PHONE-RED-256 --warehouse ABJ-01 --initial-qty 50 -o id":                                                                                   "inv_xyz789\n",
		"inventory get prod_phone_789/sku_red_256gb@ABJ-01 --jq .onHandQty":                                                                                                "50\n",
		"inventory get PHONE-RED-256@ABJ-01 --jq .id":                                                                                                                      "inv_xyz789\n",
		"inventory get prod_phone_789/sku_red_256gb@LGS-01 --jq .onHandQty":                                                                                                "8\n",
		"inventory adjust inv_xyz789 --qty=-3 --action damaged --reference PO-1 --jq .onHandQty":                                                                           "47\n",
		"inventory adjust PHONE-RED-256@ABJ-01 --qty=-3 --action damaged --notes Water --jq .onHandQty":                                                                    "47\n",
		"inventory reserve PHONE-RED-256@ABJ-01 --qty 5 --jq .reservedQty":                                                                                                 "5\n",
		"inventory release inv_xyz789 --qty 5 --jq .reservedQty":                                                                                                           "0\n",
		"inventory list --all --jq [.[].onHandQty]":                                                                                                                        "[50,8]\n",
		"inventory low-stock -o id":                                     "inv_lag456\n",
		"inventory logs --all --jq [.[].qtyChange]":                     "[-3]\n",
		"warehouse list --jq [.[].code]":                                "[\"LGS-01\",\"ABJ-01\"]\n",
		"warehouse create --name Kano+Depot --code KAN-01 --jq .code":   "KAN-01\n",
		"warehouse update ABJ-01 --active=false --jq .active":           "false\n",
		"product list --all -o id":                                      "prod_phone_789\n",
		"product get prod_phone_789 --jq .variantGroups[0].skus[0].sku": "PHONE-RED-256\n",
		"api GET /v1/users/profile --jq .data.email":                    "merchant@example.com\n",
	} {
		code, out, errOut := u.run(t, t.Context(), strings.Split(strings.ReplaceAll(strings.ReplaceAll(line, " ", "\t"), "+", " "), "\t")...)
		if code != 0 || out != want {
			t.Errorf("stockctl %s: exit %d, want 0\n%s%s\nwant %s", line, code, out, errOut, want)
		}
	}
}

package cmd_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/sandbox"
)

// ready returns a server and a user for a writer, and its command line.
func (w writer) ready(t *testing.T) (*faultServer, *user, []string) {
	t.Helper()
	server := newFaultServer(t, sandbox.Published)
	w.prepare(t, server.direct(t))
	u := server.customer(t)
	return server, u, w.commandLine(t, u)
}

// Exit code 2 means that nothing was sent. An output that cannot be printed is a mistake
// of the command line, but it shows only after the write.
func TestExitCode2MeansThatNothingWasSent(t *testing.T) {
	for _, w := range writers() {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			server, u, args := w.ready(t)
			code, out, errOut := u.run(t, t.Context(), append(args, "-o", "json", "--jq", `error("too late")`)...)
			now, err := w.read(t.Context(), server.direct(t))
			if err != nil {
				t.Fatal(err)
			}
			if now != w.after || code != 1 || !strings.Contains(errOut, "too late") ||
				!strings.Contains(errOut, "a change was sent before this happened: check it before you repeat the command") {
				t.Errorf("exit %d, and the store has %s, want 1 and %s\n%s%s", code, now, w.after, out, errOut)
			}
			// The same mistake is one of the command line if it shows before.
			server, u, args = w.ready(t)
			code, _, errOut = u.run(t, t.Context(), append(args, "-o", "json", "--jq", `error(`)...)
			if now, err = w.read(t.Context(), server.direct(t)); err != nil {
				t.Fatal(err)
			}
			if now != w.before || code != 2 {
				t.Errorf("exit %d, and the store has %s, want 2 and %s\n%s", code, now, w.before, errOut)
			}
		})
	}
}

// What stops a run after its first write has another exit code than before it, in every
// command that sends many.
func TestARunThatStopsAfterItsFirstWrite(t *testing.T) {
	const rows = 12
	var needs []api.CreateRecord
	for i := range rows {
		for _, warehouse := range []string{"wh_abc123", "wh_def456"} {
			needs = append(needs, api.CreateRecord{ProductID: fmt.Sprintf("prod_%03d", i), WarehouseID: warehouse, InitialQty: new(int64)})
			*needs[len(needs)-1].InitialQty = 5
		}
	}
	table := func(header, row string) string {
		var b strings.Builder
		b.WriteString(header + "\n")
		for i := range rows {
			fmt.Fprintf(&b, row+"\n", i)
		}
		return b.String()
	}
	for _, run := range []writer{
		{name: "import, create", args: []string{"inventory", "import", "FILE"}, file: table("productId,warehouseId,initialQty", "new_%03d,ABJ-01,1")},
		{name: "import, adjust", args: []string{"inventory", "import", "FILE", "--mode", "adjust"}, file: table("productId,warehouseId,qty,action", "prod_%03d,LGS-01,1,received"), needs: needs},
		{name: "import, set", args: []string{"inventory", "import", "FILE", "--mode", "set"}, file: table("productId,warehouseId,onHandQty", "prod_%03d,LGS-01,7"), needs: needs},
		{name: "create -f", args: []string{"inventory", "create", "-f", "FILE"}, file: table("productId,warehouseId,initialQty", "new_%03d,ABJ-01,1")},
		{name: "count", args: []string{"inventory", "count", "FILE", "--warehouse", "LGS-01"}, file: table("productId,countedQty", "prod_%03d,7"), needs: needs},
		{name: "transfer", args: []string{"inventory", "transfer", "-f", "FILE"}, file: table("productId,from,to,qty", "prod_%03d,LGS-01,ABJ-01,1"), needs: needs},
	} {
		for after, want := range map[int]int{0: 3, 4: 8} {
			t.Run(fmt.Sprintf("%s, after %d", run.name, after), func(t *testing.T) {
				t.Parallel()
				server, u, args := run.ready(t)
				// The API has moved: a wrong setting, as long as nothing was sent.
				server.meddle = func(to http.ResponseWriter, _ *http.Request, n int) bool {
					if n <= after {
						return false
					}
					to.Header().Set("Location", "https://elsewhere.example/")
					to.WriteHeader(http.StatusMovedPermanently)
					return true
				}
				code, out, errOut := u.run(t, t.Context(), args...)
				if code != want {
					t.Errorf("exit %d, want %d\n%s%s", code, want, out, errOut)
				}
			})
		}
	}
}

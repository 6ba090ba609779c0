package cmd_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/sandbox"
)

// An account that may change stock and not read it can move stock by the id of a record.
// A dry run must read the record: the message names the permission and the way out, even
// if the API says neither.
func TestMoveWithoutPermissionToRead(t *testing.T) {
	account := sandbox.DefaultAccount()
	account.Permissions = []string{"can_update_inventory"}
	server := openFaultServer(t, sandbox.Options{Account: account})
	u := server.customer(t)
	for name, says := range map[string]string{"the sandbox": "", "a terse API": `{"status":false,"message":"Forbidden"}`} {
		server.meddle = func(w http.ResponseWriter, r *http.Request, _ int) bool {
			if says == "" || r.Method != http.MethodGet {
				return false
			}
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, says)
			return true
		}
		for _, verb := range []string{"adjust", "reserve", "release"} {
			args := []string{"inventory", verb, "inv_xyz789", "--qty", "1"}
			if verb == "adjust" {
				args = append(args, "--action", "received")
			}
			before := len(server.received())
			code, out, errOut := u.run(t, t.Context(), append(args, "--dry-run")...)
			hint := "\nhint: ask an administrator of the store for it; without --dry-run, " + verb + " needs only can_update_inventory\n"
			if code != 5 || !strings.HasPrefix(errOut, "error: a dry run reads the record, which needs the permission can_read_inventory: ") || !strings.HasSuffix(errOut, hint) {
				t.Errorf("%s, dry run of %s: exit %d, want 5\n%s%s", name, verb, code, out, errOut)
			}
			if sent := server.received()[before:]; len(sent) > 0 {
				t.Errorf("%s, dry run of %s: sent %v", name, verb, sent)
			}
			code, out, errOut = u.run(t, t.Context(), args...)
			if sent := server.received()[before:]; code != 0 || len(sent) != 1 {
				t.Errorf("%s, %s: exit %d, want 0, sent %v\n%s%s", name, verb, code, sent, out, errOut)
			}
			// By its item, a record cannot be found.
			args[2] = "prod_abc123@LGS-01"
			code, out, errOut = u.run(t, t.Context(), args...)
			if code != 5 || !strings.Contains(errOut, "\nhint: ask an administrator of the store for can_read_inventory, or name the record by its id\n") {
				t.Errorf("%s, %s by item: exit %d, want 5\n%s%s", name, verb, code, out, errOut)
			}
		}
	}
}

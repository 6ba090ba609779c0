package cmd_test

import (
	"context"
	"io"
	"path/filepath"
	"testing"

	stockctl "github.com/bayworks/stockctl/cmd"
)

// Reading standard input blocks as long as its writer is idle. A signal must end each such
// read, and nothing may be left of what was already read.
func TestASignalEndsEveryReadOfStdin(t *testing.T) {
	spools := t.TempDir()
	t.Setenv("TMPDIR", spools)
	for name, test := range map[string]struct {
		args  []string
		first string // what is read before the writer becomes idle
		keeps bool   // what was read can be resumed
	}{
		"import":          {args: []string{"inventory", "import", "-"}, first: "productId,warehouseId,initialQty\nprod_a,LGS-01,1\n"},
		"import workbook": {args: []string{"inventory", "import", "-"}, first: "PK\x03\x04"},
		"import gzip":     {args: []string{"inventory", "import", "-"}, first: "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"},
		"create":          {args: []string{"inventory", "create", "-f", "-"}, first: "productId: prod_a\n"},
		"count":           {args: []string{"inventory", "count", "-", "--warehouse", "LGS-01"}, first: "productId,countedQty\n"},
		"scan":            {args: []string{"inventory", "count", "--scan", "--warehouse", "LGS-01"}, first: "prod_abc123\n", keeps: true},
		"transfer":        {args: []string{"inventory", "transfer", "-f", "-"}, first: "productId,from,to,qty\n"},
		"api":             {args: []string{"api", "POST", "/v1/inventory", "--input", "-"}, first: "{"},
		"api field":       {args: []string{"api", "POST", "/v1/inventory", "-F", "notes=@-"}, first: "x"},
		"barcodes":        {args: []string{"product", "barcode", "import", "-"}, first: "barcode,code\n"},
		"login":           {args: []string{"auth", "login", "--with-token"}, first: "tok"},
		"background":      {args: []string{"sandbox", "serve", "--addr", "127.0.0.1:0", "--background"}, first: "key"},
	} {
		t.Run(name, func(t *testing.T) {
			server, u := newShop(t)
			in, out := io.Pipe()
			u.in = in
			ctx, interrupt := context.WithCancelCause(t.Context())
			go func() {
				_, _ = io.WriteString(out, test.first) // returns once it was read
				interrupt(stockctl.Interrupt())
			}()
			code, _, errOut := u.run(t, ctx, test.args...)
			_ = in.Close() // frees the writer of a command that read nothing
			if code != 130 || len(server.received()) > 0 {
				t.Errorf("exit %d, want 130; %d writes\n%s", code, len(server.received()), errOut)
			}
			left, _ := filepath.Glob(filepath.Join(spools, "stockctl-*"))
			runs, _ := filepath.Glob(filepath.Join(u.home, "state", "*", "*", "*"))
			if len(left) > 0 || len(runs) > 0 && !test.keeps {
				t.Errorf("left behind: %v %v", left, runs)
			}
		})
	}
}

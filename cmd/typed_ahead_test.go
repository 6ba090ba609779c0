package cmd_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
)

// A scanner does not wait for the next question. What it types while a command waits for the
// API appears only where it is an answer, and no scan is lost or confirms something.
func TestTypedAhead(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no pty")
	}
	bin := build(t)
	for _, c := range []struct {
		name       string
		args       []string
		ahead      string // typed during the first request
		see, then  string // typed when the screen shows see
		want, lack string
	}{
		{
			"adjust",
			[]string{"inventory", "adjust"},
			"TOTE-CANVAS@LGS-01\rRECEIVED\r40170725\r5\rTOTE-CANVAS\r\r", "quit without sending anything", "\r",
			"✓ How many: 5\n|on hand 120 → 125, available 120 → 125 in profile\ndefault? no\n|✓ Change an answer, or quit: quit without sending anything\n|error: cancelled: nothing was sent\n",
			"TOTE-CANVAS@LGS-01\nRECEIVED|✓ How many: 40170725",
		},
		{
			"count",
			[]string{"inventory", "count", "--scan"},
			"LGS-01\rTOTE-CANVAS\rTOTE-CANVAS\rqty 40170725\rdone\r", "type yes to send them", "TOTE-CANVAS\rno\r",
			"✓ Warehouse to count: LGS-01|scan> TOTE-CANVAS  Canvas Tote Bag is 1\n|TOTE-CANVAS  Canvas Tote Bag is 2\n|qty: looks like a barcode|✓ Adjust 1 record of default (test)? no\n|error: cancelled\n",
			"LGS-01\nTOTE-CANVAS",
		},
		{
			"transfer",
			[]string{"inventory", "transfer"},
			"TOTE-CANVAS\rLGS-01\r40170725\r", "", "",
			"✓ Item: TOTE-CANVAS\n|has an inventory record in LGS-01 only",
			"TOTE-CANVAS\nLGS-01",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := newFaultServer(t, "")
			account := server.Account()
			cmd := exec.CommandContext(t.Context(), bin, c.args...)
			cmd.Env = []string{
				"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TERM=xterm-256color", "NO_COLOR=1",
				"STOCKCTL_BASE_URL=" + server.URL, "STOCKCTL_MERCHANT_API_KEY=" + account.Key, "STOCKCTL_TOKEN=" + account.Bearer,
			}
			// The program may send its first request before the test goes on.
			started := make(chan *os.File, 1)
			var once sync.Once
			server.meddle = func(http.ResponseWriter, *http.Request, int) bool {
				once.Do(func() {
					if _, err := io.WriteString(<-started, c.ahead); err != nil {
						t.Error(err)
					}
				})
				return false
			}
			terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 100})
			if err != nil {
				t.Fatal(err)
			}
			defer terminal.Close()
			started <- terminal
			var drawn bytes.Buffer
			hung := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
			program, buf := &toItsEnd{terminal: terminal}, make([]byte, 1<<12)
			for typed := false; ; {
				n, err := program.Read(buf)
				if err != nil {
					break // EIO when the program ends
				}
				drawn.Write(buf[:n])
				if !typed && c.see != "" && strings.Contains(drawn.String(), c.see) {
					typed = true
					if _, err := io.WriteString(terminal, c.then); err != nil {
						t.Fatal(err)
					}
				}
			}
			hung.Stop()
			_ = cmd.Wait() // the screen shows the result
			screen := strings.ReplaceAll(ansi.Strip(drawn.String()), "\r", "")
			for want := range strings.SplitSeq(c.want, "|") {
				if !strings.Contains(screen, want) {
					t.Errorf("the screen lacks %q:\n%s", want, screen)
				}
			}
			for lack := range strings.SplitSeq(c.lack, "|") {
				if strings.Contains(screen, lack) {
					t.Errorf("the screen shows %q:\n%s", lack, screen)
				}
			}
			if sent := server.received(); len(sent) > 0 {
				t.Errorf("sent %v", sent)
			}
		})
	}
}

package cmd_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
)

const fourProducts = "productId,warehouseId,initialQty\nprod_a,LGS-01,1\nprod_b,LGS-01,2\nprod_c,LGS-01,3\nprod_d,LGS-01,4\n"

// After Ctrl-C no more rows are sent, and the command waits for pending responses, so
// that their outcomes are known.
func TestCtrlCWaitsForPendingRequests(t *testing.T) {
	server, u := newShop(t)
	ctx, interrupt := context.WithCancel(t.Context())
	server.meddle = func(_ http.ResponseWriter, _ *http.Request, n int) bool {
		if n == 1 {
			interrupt()
		}
		return false
	}
	file := u.file(t, "rows.csv", fourProducts)
	code, out, errOut := u.run(t, ctx, "inventory", "import", file, "--concurrency", "1")
	if code != 130 || len(server.received()) != 1 || !strings.Contains(out, "  1 applied") || !strings.Contains(out, "  3 not attempted\n") || strings.Contains(out, "in doubt") {
		t.Errorf("exit %d, want 130, %d writes\n%s%s", code, len(server.received()), out, errOut)
	}
	run := runID(t, errOut)
	if want := "error: the import stopped after 1 of 4 rows: "; !strings.Contains(errOut, want) {
		t.Errorf("not reported: %s\n%s", want, errOut)
	}
	code, out, errOut = u.run(t, t.Context(), "inventory", "import", "resume", run)
	if code != 0 || len(server.received()) != 4 || !strings.Contains(out, "  4 applied") {
		t.Errorf("resumed: exit %d, want 0, %d writes\n%s%s\nwant %q in it", code, len(server.received()), out, errOut, "  4 applied")
	}
}

// process is the real program, running in a process that can receive signals.
type process struct {
	*exec.Cmd
	out, err bytes.Buffer
}

func (u *user) start(t *testing.T, args ...string) *process {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), endless)
	t.Cleanup(cancel)
	p := &process{Cmd: exec.CommandContext(ctx, build(t), args...)}
	p.Env = []string{"HOME=" + u.home}
	for name, value := range u.env {
		p.Env = append(p.Env, name+"="+value)
	}
	p.Stdout, p.Stderr = &p.out, &p.err
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *process) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := p.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Error(err)
	}
}

// SIGINT and SIGTERM stop a run cleanly, each with its own exit code, and the summary
// includes every write that was sent.
func TestASignalEndsARunCleanly(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no signals")
	}
	for s, want := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		server, u := newShop(t)
		u.env["STOCKCTL_TIMEOUT"] = "30s"
		started := make(chan *process, 1)
		var once sync.Once
		server.meddle = func(_ http.ResponseWriter, _ *http.Request, n int) bool {
			if n > 0 {
				once.Do(func() {
					p := <-started
					p.signal(t, s)
				})
			}
			return false
		}
		text := "productId,warehouseId,qty,action\n" + strings.Repeat("prod_abc123,LGS-01,1,received\n", 2000)
		p := u.start(t, "inventory", "import", u.file(t, "rows.csv", text), "--mode", "adjust", "-o", "json")
		started <- p
		err := p.Wait()
		sent := int64(len(server.received()))
		now := server.stock(t)["prod_abc123@wh_abc123"]
		if p.ProcessState.ExitCode() != want || sent == 2000 || now != 120+sent || !strings.Contains(p.out.String(), `"inDoubt": 0`) {
			t.Errorf("%s: %v, %d sent, %d on hand\n%s%s", s, err, sent, now, p.out.String(), p.err.String())
		}
	}
}

// A signal during the last write stops nothing: the write is finished, and the exit code
// says that all was done.
func TestASignalDuringTheLastWrite(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no signals")
	}
	var every sync.WaitGroup
	room := make(chan struct{}, 4)
	for _, w := range writers() {
		if w.name == "transfer, leaving" || w.name == "api" {
			continue // not its last write; never finished for the user
		}
		every.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			server, u := newShop(t)
			c := server.direct(t)
			for _, record := range w.needs {
				if _, err := c.CreateRecord(t.Context(), record); err != nil {
					t.Error(err)
				}
			}
			if w.held > 0 {
				if _, err := c.Reserve(t.Context(), "inv_xyz789", api.Reservation{Qty: w.held}); err != nil {
					t.Error(err)
				}
			}
			u.env["STOCKCTL_TIMEOUT"] = "30s"
			last := 1
			if w.second || w.name == "create, set" {
				last = 2
			}
			started := make(chan *process, 1)
			server.meddle = func(_ http.ResponseWriter, _ *http.Request, n int) bool {
				if n == last {
					p := <-started
					p.signal(t, syscall.SIGTERM)
				}
				return false
			}
			p := u.start(t, w.commandLine(t, u)...)
			started <- p
			err := p.Wait()
			now, failed := w.read(t.Context(), c)
			if err != nil || failed != nil || now != w.after || len(server.received()) != last {
				t.Errorf("%s: %v, %s, %d sent\n%s%s", w.name, err, now, len(server.received()), p.out.String(), p.err.String())
			}
		})
	}
	every.Wait()
}

// A second Ctrl-C ends the program immediately, even with pending requests. The state on
// disk must be correct: the run can be resumed, and nothing is applied twice.
func TestTheSecondCtrlCStopsImmediately(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no signals")
	}
	t.Parallel() // the resumed run waits until pending requests can no longer arrive
	server, u := newShop(t)
	u.env["STOCKCTL_TIMEOUT"] = "2s"
	over := make(chan struct{})
	arrived := make(chan struct{})
	server.meddle = func(_ http.ResponseWriter, r *http.Request, n int) bool {
		if n != 1 {
			return false
		}
		server.work(r)
		close(arrived)
		<-over // there is never a response
		cut()
		return true
	}
	defer sync.OnceFunc(func() { close(over) })()
	p := u.start(t, "inventory", "import", u.file(t, "rows.csv", deliveries), "--mode", "adjust", "--concurrency", "1")
	ended := make(chan error, 1)
	go func() { ended <- p.Wait() }()
	<-arrived
	again := time.NewTicker(20 * time.Millisecond) // signals in quick succession may be merged
	defer again.Stop()
	for running := true; running; {
		select {
		case <-ended:
			running = false
		case <-again.C:
			p.signal(t, syscall.SIGINT)
		}
	}
	if p.ProcessState.String() != "signal: interrupt" || p.out.Len() > 0 {
		t.Fatalf("%s\n%s%s", p.ProcessState, p.out.String(), p.err.String())
	}
	code, out, errOut := u.run(t, t.Context(), "inventory", "import", "resume")
	if code != 0 || server.stock(t)["prod_abc123@wh_abc123"] != 124 || !strings.Contains(out, "  1 applied   1 confirmed\n") {
		t.Errorf("resumed: exit %d, want 0, sent %v\n%s%s", code, server.received(), out, errOut)
	}
}

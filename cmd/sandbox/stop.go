package sandbox

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
)

// stopPath is where a server in the background accepts the request to stop.
const stopPath = "/.stockctl/stop"

// stopOptions contains the app and the argument of `sandbox stop`.
type stopOptions struct {
	app *app.App
	url string // blank: the only server
}

func newStopCmd(a *app.App, run func(context.Context, *stopOptions) error) *cobra.Command {
	opts := &stopOptions{app: a}
	return &cobra.Command{
		Use:   "stop [URL]",
		Short: "Stop a server that runs in the background",
		Long: `Stop a server that was started with ` + "`sandbox serve --detach`" + `, and wait until it
has ended. URL can be omitted if only one server is running.` + cli.ExitCodes(
			"0  stopped, or no longer running",
			"2  several are running: name one",
			"6  there is no such server",
			"8  the server did not stop",
		),
		Example: `  stockctl sandbox stop
  stockctl sandbox stop http://127.0.0.1:9090`,
		Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: suggest.First(func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			list, _ := servers(a) // none are offered if they cannot be read
			var urls []cobra.Completion
			for _, d := range list {
				urls = append(urls, d.URL)
			}
			return urls, cobra.ShellCompDirectiveNoFileComp
		}),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.url = strings.TrimSuffix(strings.Join(args, ""), "/")
			return run(cmd.Context(), opts)
		},
	}
}

// servers returns the servers in the background.
func servers(a *app.App) (list []detached, err error) {
	dir, err := serversDir(a)
	if err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		switch {
		case errors.Is(err, os.ErrNotExist):
			continue // stopped meanwhile
		case err != nil:
			return nil, err
		}
		d := detached{file: file}
		if err := json.Unmarshal(text, &d); err != nil {
			return nil, failure.New(failure.Config, "%s is damaged: %w", file, err).Hint("remove it; the server it was for must be stopped by hand")
		}
		list = append(list, d)
	}
	return list, nil
}

func runStop(ctx context.Context, opts *stopOptions) error {
	list, err := servers(opts.app)
	if err != nil {
		return err
	}
	var urls []string
	var found []detached
	for _, d := range list {
		if urls = append(urls, d.URL); opts.url == "" || d.URL == opts.url {
			found = append(found, d)
		}
	}
	switch {
	case len(list) == 0:
		return failure.New(failure.NotFound, "no sandbox runs in the background").Hint("`stockctl sandbox serve --detach` starts one")
	case len(found) == 0:
		return failure.New(failure.NotFound, "no sandbox at %s runs in the background", opts.url).Hint("running: %s", failure.AllOf(urls))
	case len(found) > 1:
		return failure.Usagef("%d sandboxes run in the background: name one", len(found)).Hint("use %s", failure.OneOf(urls))
	}
	running, err := found[0].stop(ctx)
	if err != nil {
		return err
	}
	if running {
		opts.app.Note("stopped the sandbox at %s", found[0].URL)
	} else {
		opts.app.Note("the sandbox at %s was no longer running", found[0].URL)
	}
	return found[0].remove()
}

// stop asks the server to end, and waits until its process has: then the connection
// closes. running is false if there was no such server.
func (d detached) stop(ctx context.Context) (running bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*grace)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL+stopPath, nil)
	if err != nil {
		return false, err
	}
	request.Header.Set("Authorization", "Bearer "+d.Key)
	direct := &http.Transport{DisableKeepAlives: true} // without a proxy
	response, err := direct.RoundTrip(request)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return false, nil
	case err != nil:
		return false, failure.New(failure.Unavailable, "stopping the sandbox at %s: %w", d.URL, err)
	}
	defer func() { _ = response.Body.Close() }() // only read
	if response.StatusCode != http.StatusAccepted {
		return false, nil // another server has its address now
	}
	if _, err := io.Copy(io.Discard, response.Body); err != nil && ctx.Err() != nil {
		return true, failure.New(failure.Unavailable, "the sandbox at %s did not stop within %v", d.URL, 2*grace)
	}
	return true, nil
}

// stoppable is the handler of a server that the key stops. It leaves the connection open,
// so that it closes when the process ends.
func stoppable(next http.Handler, key string, stop func()) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != stopPath {
			next.ServeHTTP(w, r)
			return
		}
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bearer "+key)) != 1 {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		// The client sees the end of the connection in any case.
		_, _ = fmt.Fprintf(conn, "HTTP/1.1 %d Accepted\r\nConnection: close\r\n\r\n", http.StatusAccepted)
		stop()
		time.AfterFunc(2*grace, func() { _ = conn.Close() }) // keeps it open until then
	})
}

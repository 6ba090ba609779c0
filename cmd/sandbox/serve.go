package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/noun"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/sandbox"
)

// grace is how long requests under way may take after Ctrl-C.
const grace = 5 * time.Second

// serveOptions is what `sandbox serve` knows when it starts.
type serveOptions struct {
	app     *app.App
	addr    string
	account string // a YAML file; blank: the built-in account
	start   string // a YAML or JSON file; blank: the built-in shop
	empty   bool   // a shop without anything
	ready   string // a file that is written when the server answers
	sandbox sandbox.Options
}

func newServeCmd(a *app.App, run func(context.Context, *serveOptions) error) *cobra.Command {
	opts := &serveOptions{app: a}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the sandbox over HTTP",
		Long: `Serve the sandbox over HTTP until Ctrl-C. The answer is the address and the
account to sign in with. It is a test server: it listens on this machine alone
unless told otherwise, and warns when it is.

The records live in memory and end with the server, unless --db names a file.
--account replaces the built-in account by a YAML file with email, password, key
and permissions. --start begins with a shop of yours: a YAML or JSON file with
warehouses, products and their codes, and records. Ids may be left out of it.

To see how a script takes it when things go wrong, --latency, --rate-limit,
--fail-rate and --drop-rate make them go wrong; --dialect dashboard answers in the
other shape that the API is seen to use.` + noun.ExitCodes(
			"0  ended by Ctrl-C or SIGTERM",
			"1  the address is taken, or the database cannot be opened",
			"2  a flag, the account file or the start file is wrong",
		),
		Example: `  stockctl sandbox serve
  stockctl sandbox serve --addr 127.0.0.1:9090 --db training.db
  stockctl sandbox serve --account account.yaml -o json
  stockctl sandbox serve --start shop.yaml --strict
  stockctl sandbox serve --drop-rate 0.05 --latency 20ms --seed 7`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd.Context(), opts)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.addr, "addr", "127.0.0.1:8080", "the `address` to listen on; port 0 takes a free one")
	flags.StringVar(&opts.sandbox.Path, "db", ":memory:", "the database `file`")
	noun.CompleteFiles(cmd, "db", "db")
	flags.StringVar(&opts.ready, "ready-file", "", "write the address to this `file` once requests are answered")
	shopFlags(cmd, opts)
	return cmd
}

// shopFlags are the flags of a sandbox that is served over HTTP.
func shopFlags(cmd *cobra.Command, opts *serveOptions) {
	flags := cmd.Flags()
	flags.StringVar(&opts.account, "account", "", "a YAML `file` with the account")
	noun.CompleteFiles(cmd, "account", "yaml", "yml")
	startFlag(cmd, &opts.start)
	flags.BoolVar(&opts.empty, "empty", false, "begin without warehouses, products and records")
	flags.Var(&dialect{&opts.sandbox.Dialect}, "dialect", "how answers are shaped: published or dashboard")
	flags.DurationVar(&opts.sandbox.Faults.Latency, "latency", 0, "hold every answer back for this `time`")
	flags.Float64Var(&opts.sandbox.Faults.RateLimit, "rate-limit", 0, "answer 429 beyond this `number` of calls a second")
	flags.Float64Var(&opts.sandbox.Faults.FailRate, "fail-rate", 0, "the `share` of calls, 0 to 1, that fail with 500 before the work")
	flags.Float64Var(&opts.sandbox.Faults.DropRate, "drop-rate", 0, "the `share` of calls, 0 to 1, that are done but get no answer")
	flags.Uint64Var(&opts.sandbox.Faults.Seed, "seed", 0, "the `number` that decides which calls go wrong")
	flags.BoolVar(&opts.sandbox.Strict, "strict", false, "refuse products that are not in the shop, and the transfer actions")
}

// dialect is the flag --dialect.
type dialect struct{ to *sandbox.Dialect }

func (d *dialect) String() string {
	if d.to == nil || *d.to == "" {
		return string(sandbox.Published)
	}
	return string(*d.to)
}

func (d *dialect) Type() string { return "name" }

// Set takes any name: the sandbox itself knows which there are.
func (d *dialect) Set(text string) error {
	*d.to = sandbox.Dialect(text)
	return nil
}

// served is the answer: where the server is and how to sign in to it.
type served struct {
	URL      string `json:"url"`
	Email    string `json:"email"`
	Password string `json:"password"`
	Key      string `json:"key"`
}

func runServe(ctx context.Context, opts *serveOptions) (err error) {
	printer, err := app.PrinterFor(opts.app, view())
	if err != nil {
		return err
	}
	shop, listener, err := opts.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, shop.Close()) }()
	url := "http://" + listener.Addr().String()
	if a := listener.Addr().(*net.TCPAddr); !a.IP.IsLoopback() {
		opts.app.Note("warning: %s can be reached from other machines: this is a test server with a known password", url)
	}
	account := shop.Account()
	answer := served{URL: url, Email: account.Email, Password: account.Password, Key: account.MerchantAPIKey}
	if err := output.One(printer, view(), answer); err != nil {
		return errors.Join(err, listener.Close())
	}
	opts.app.Note("sandbox: no real stock behind it; Ctrl-C ends it")
	if opts.ready != "" {
		// The listener takes connections from now on, served or not yet.
		if err := writeReady(opts.ready, url+"\n"); err != nil {
			return errors.Join(err, listener.Close())
		}
		defer func() { err = errors.Join(err, os.Remove(opts.ready)) }()
	}
	return serve(ctx, listener, shop)
}

// writeReady makes a file that appears with its whole content, and is never put
// over another.
func writeReady(name, text string) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".ready-")
	if err != nil {
		return failure.Usagef("--ready-file: %w", err)
	}
	_, err = tmp.WriteString(text)
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Link(tmp.Name(), name)
	}
	err = errors.Join(err, os.Remove(tmp.Name()))
	if errors.Is(err, fs.ErrExist) {
		return failure.Usagef("--ready-file: %s exists: another server may have written it", name).Hint("remove it, or name another file")
	}
	if err != nil {
		return failure.Usagef("--ready-file: %w", err)
	}
	return nil
}

// open makes the shop and listens for its clients, who are answered later.
func (o *serveOptions) open(ctx context.Context) (shop *sandbox.Server, listener net.Listener, err error) {
	if o.empty && o.start != "" {
		return nil, nil, failure.Usagef("--empty and --start do not go together")
	}
	if o.account != "" {
		if o.sandbox.Account, err = readAccount(ctx, o.account); err != nil {
			return nil, nil, err
		}
	}
	if o.sandbox.Start, err = readStart(ctx, o.start); err != nil {
		return nil, nil, err
	}
	if o.empty {
		o.sandbox.Start = &sandbox.Start{}
	}
	if shop, err = sandbox.Open(ctx, o.sandbox); err != nil {
		return nil, nil, err
	}
	if listener, err = new(net.ListenConfig).Listen(ctx, "tcp", o.addr); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("serving the sandbox: %w", err), shop.Close())
	}
	return shop, listener, nil
}

// bodyTime is how long a request may take to arrive.
const bodyTime = 30 * time.Second

// toThisMachine refuses requests that were meant for another host. A web page
// whose name is made to lead here could otherwise use the known password.
func toThisMachine(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		host = strings.ToLower(strings.Trim(host, "[]"))
		ip := net.ParseIP(host)
		if host != "localhost" && !strings.HasSuffix(host, ".localhost") && (ip == nil || !ip.IsLoopback()) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusMisdirectedRequest)
			_, _ = io.WriteString(w, `{"status":false,"message":"this sandbox answers for localhost only"}`) // whoever asked may be gone
			return
		}
		next.ServeHTTP(w, r)
	})
}

// serve answers requests until ctx ends, then lets those under way finish.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	if a, is := listener.Addr().(*net.TCPAddr); is && a.IP.IsLoopback() {
		handler = toThisMachine(handler)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: bodyTime, IdleTimeout: 2 * time.Minute}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serving the sandbox: %w", err)
	case <-ctx.Done():
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	return server.Shutdown(closing)
}

func readAccount(ctx context.Context, name string) (sandbox.Account, error) {
	f, err := await.Open(ctx, name)
	if err != nil {
		return sandbox.Account{}, failure.Usagef("reading the account: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	return sandbox.ReadAccount(await.Reader(ctx, f))
}

func view() output.View[served] {
	type column = output.Column[served]
	return output.View[served]{Columns: []column{
		{Name: "url", Title: "URL", Keep: true, Value: func(s served) any { return s.URL }},
		{Name: "email", Title: "EMAIL", Keep: true, Value: func(s served) any { return s.Email }},
		{Name: "password", Title: "PASSWORD", Keep: true, Value: func(s served) any { return s.Password }},
		{Name: "key", Title: "KEY", Keep: true, Value: func(s served) any { return s.Key }},
	}}
}

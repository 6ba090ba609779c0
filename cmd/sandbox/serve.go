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
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/sandbox"
)

// grace is how long pending requests may take after Ctrl-C.
const grace = 5 * time.Second

// serveOptions contains the app and the parsed flags of `sandbox serve`.
type serveOptions struct {
	app     *app.App
	addr    string
	account string // a YAML file; blank: the built-in account
	start   string // a YAML or JSON file; blank: the built-in shop
	empty   bool   // an empty shop
	ready   string // a file to write once the server accepts requests
	env     bool   // print the variables for clients
	sandbox sandbox.Options

	detached   bool     // start a server in the background
	again      []string // its command line
	background bool     // this is that server
}

func newServeCmd(a *app.App, run func(context.Context, *serveOptions) error) *cobra.Command {
	opts := &serveOptions{app: a}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the sandbox over HTTP",
		Long: `Serve the sandbox over HTTP until Ctrl-C, and print the address and the account
to sign in with. It is a test server: by default, only this machine can reach
it, and it warns you if --addr lets others reach it.

Data is kept in memory and lost when the server stops, unless --db names a file.
--account replaces the built-in account with one from a YAML file with email,
password, key and permissions. --start loads your own shop: a YAML or JSON file
with warehouses, products with their codes, and records. Ids are optional.

With --detach, the server runs in the background: the command returns when it
accepts requests, or fails with the reason, and ` + "`stockctl sandbox stop`" + ` stops it.
--env prints the variables that clients need, one NAME=VALUE per line.

To test how a script handles failures, use --latency, --rate-limit, --fail-rate and
--drop-rate. --dialect dashboard switches to the other response format that the API
is known to use.` + cli.ExitCodes(
			"0  stopped by Ctrl-C or SIGTERM, or started with --detach",
			"1  the address is taken, or the database cannot be opened",
			"2  a flag, the account file or the start file is wrong",
		),
		Example: `  stockctl sandbox serve
  stockctl sandbox serve --addr 127.0.0.1:9090 --db training.db
  stockctl sandbox serve --account account.yaml -o json
  stockctl sandbox serve --detach --env >> "$GITHUB_ENV"
  stockctl sandbox serve --start shop.yaml --strict
  stockctl sandbox serve --drop-rate 0.05 --latency 20ms --seed 7`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			opts.again = repeated(cmd.Flags())
			return run(cmd.Context(), opts)
		},
	}
	flags := cmd.Flags()
	flags.BoolVarP(&opts.detached, "detach", "d", false, "run in the background, and return when the server is ready")
	flags.BoolVar(&opts.env, "env", false, "print the variables for clients, one NAME=VALUE per line")
	flags.BoolVar(&opts.background, "background", false, "be the server of --detach")
	cobra.CheckErr(flags.MarkHidden("background"))
	flags.StringVar(&opts.addr, "addr", "127.0.0.1:8080", "the `address` to listen on; port 0 picks a free port")
	flags.StringVar(&opts.sandbox.Path, "db", ":memory:", "the database `file`")
	cli.CompleteFiles(cmd, "db", "db")
	flags.StringVar(&opts.ready, "ready-file", "", "write the address to this `file` once the server is ready")
	shopFlags(cmd, opts)
	return cmd
}

// shopFlags adds the flags for a sandbox that is served over HTTP.
func shopFlags(cmd *cobra.Command, opts *serveOptions) {
	flags := cmd.Flags()
	flags.StringVar(&opts.account, "account", "", "read the account from this YAML `file`")
	cli.CompleteFiles(cmd, "account", "yaml", "yml")
	startFlag(cmd, &opts.start)
	flags.BoolVar(&opts.empty, "empty", false, "start without warehouses, products and records")
	flags.Var(&dialect{&opts.sandbox.Dialect}, "dialect", "the response format: published or dashboard")
	flags.DurationVar(&opts.sandbox.Faults.Latency, "latency", 0, "delay every response by this `duration`")
	flags.Float64Var(&opts.sandbox.Faults.RateLimit, "rate-limit", 0, "respond with 429 beyond this `number` of calls per second")
	flags.Float64Var(&opts.sandbox.Faults.FailRate, "fail-rate", 0, "the `share` of calls, 0 to 1, that fail with a 500 and change nothing")
	flags.Float64Var(&opts.sandbox.Faults.DropRate, "drop-rate", 0, "the `share` of calls, 0 to 1, that take effect but get no response")
	flags.Uint64Var(&opts.sandbox.Faults.Seed, "seed", 0, "the `number` that determines which calls fail")
	flags.BoolVar(&opts.sandbox.Strict, "strict", false, "refuse unknown products, and the actions TRANSFERRED_IN and TRANSFERRED_OUT")
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

// Set accepts any name that is not empty: the sandbox checks it.
func (d *dialect) Set(text string) error {
	if text == "" {
		return errors.New("must be published or dashboard")
	}
	*d.to = sandbox.Dialect(text)
	return nil
}

// served is the server's address, and the account to sign in with.
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
	if _, err := os.Lstat(opts.ready); opts.ready != "" && err == nil {
		return readyExists(opts.ready)
	}
	if opts.detached {
		answer, server, err := opts.detach(ctx)
		if err != nil {
			return err
		}
		if err := opts.print(printer, answer); err != nil {
			_, failed := server.stop(ctx)
			return errors.Join(err, failed, server.remove())
		}
		opts.app.Note("the sandbox is running in the background and touches no real stock; `stockctl sandbox stop` stops it")
		return nil
	}
	key := ""
	if opts.background {
		if key, err = readKey(opts.app.Stdin(ctx)); err != nil {
			return err
		}
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
	if opts.ready != "" {
		// The listener already accepts connections, even before Serve is called.
		if err := writeReady(opts.ready, url+"\n"); err != nil {
			return errors.Join(err, listener.Close())
		}
		defer func() { err = errors.Join(err, os.Remove(opts.ready)) }()
	}
	if err := opts.print(printer, answer); err != nil {
		return errors.Join(err, listener.Close())
	}
	opts.app.Note("the sandbox is running and touches no real stock; press Ctrl-C to stop it")
	if !opts.background {
		return serve(ctx, listener, shop)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	return serve(ctx, listener, stoppable(shop, key, stop))
}

// print prints the address and the account of a server that is ready.
func (o *serveOptions) print(printer *output.Printer, answer served) error {
	if !o.env {
		return output.One(printer, view(), answer)
	}
	text, err := answer.variables()
	if err == nil {
		_, err = io.WriteString(o.app.IO.Out, text)
	}
	return err
}

// writeReady creates a file that appears with its complete content and never
// replaces another.
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
		return readyExists(name)
	}
	if err != nil {
		return failure.Usagef("--ready-file: %w", err)
	}
	return nil
}

func readyExists(name string) error {
	return failure.Usagef("--ready-file: %s exists: another server may have written it", name).Hint("remove it, or choose another file")
}

// open opens the sandbox and starts listening, but does not serve yet.
func (o *serveOptions) open(ctx context.Context) (shop *sandbox.Server, listener net.Listener, err error) {
	if o.empty && o.start != "" {
		return nil, nil, failure.Usagef("--empty and --start cannot be used together")
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
		err = errors.Join(fmt.Errorf("serving the sandbox: %w", err), shop.Close())
		if errors.Is(err, syscall.EADDRINUSE) {
			err = failure.WithHint(err, "another program uses this address, perhaps another sandbox: choose one with --addr; port 0 is a free one")
		}
		return nil, nil, err
	}
	return shop, listener, nil
}

// bodyTime is how long reading a request may take.
const bodyTime = 30 * time.Second

// toThisMachine refuses requests for other host names. Otherwise a web page could
// make its own name resolve to this machine and use the known password.
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
			_, _ = io.WriteString(w, `{"status":false,"message":"this sandbox accepts requests for localhost only"}`) // the client may be gone
			return
		}
		next.ServeHTTP(w, r)
	})
}

// serve handles requests until ctx ends, then lets pending ones finish.
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

// Command server is the API that the benchmarks measure against. It responds immediately or
// after a given latency, checks nothing, and stores only what stockctl reads back. Its cost
// is the same for every client. It listens on loopback and then prints its base URL.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	latency := flag.Duration("latency", 0, "how long every response takes")
	records := flag.Int("records", 0, "the number of inventory records in the store")
	allow := flag.String("limit", "", "the limit: bucket:RATE:SIZE, window:N:SPAN, or cap:N; separate several with commas, to apply each for a minute")
	after := flag.String("retry-after", "", "the Retry-After of a refusal: seconds, such as 1; date; left, for the remaining seconds; or nothing")
	chance := flag.Float64("chance", 0, "the share of requests to refuse at random")
	certificate := flag.String("certificate", "", "use HTTPS, and write the certificate to this file")
	two := flag.Bool("http2", false, "also use HTTP/2 with HTTPS")
	flag.Parse()
	limits, err := parseLimits(*allow, *after, *chance)
	if err == nil {
		err = serve(&store{records: *records, limits: limits}, *latency, *certificate, *two)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "server:", err)
		os.Exit(1)
	}
}

func serve(s *store, latency time.Duration, certificate string, two bool) error {
	server := &http.Server{Handler: s.limits.wrap(s.slow(latency, s.routes())), ReadHeaderTimeout: time.Minute}
	scheme := "http"
	if certificate != "" {
		scheme = "https"
		if err := secure(server, certificate, two); err != nil {
			return err
		}
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if _, err := fmt.Printf("%s://%s\n", scheme, listener.Addr()); err != nil {
		return err
	}
	if certificate != "" {
		return server.ServeTLS(listener, "", "")
	}
	return server.Serve(listener)
}

// slow waits before each response, and records how long it actually took.
func (s *store) slow(latency time.Duration, next http.Handler) http.Handler {
	if latency == 0 {
		return next
	}
	pauses := newPauses(latency)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		pauses.wait()
		next.ServeHTTP(w, r)
		s.waits.Add(1)
		s.waited.Add(int64(time.Since(began)))
	})
}

func (s *store) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/inventory", s.create)
	mux.HandleFunc("PATCH /v1/inventory/{id}/adjust", s.adjust)
	mux.HandleFunc("GET /v1/inventory", s.list)
	mux.HandleFunc("GET /v1/inventory/logs", s.logs)
	mux.HandleFunc("GET /v1/warehouses", fixed(`{"status":true,"data":[{"id":"wh_1","code":"MAIN","name":"Main","isDefault":true,"active":true}]}`))
	mux.HandleFunc("GET /v1/users/profile", fixed(`{"status":true,"data":{"id":"u1","email":"a@example.com","tenantId":"t1"}}`))
	mux.HandleFunc("GET /written", s.written)
	return mux
}

func fixed(response string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, []byte(response)) }
}

// reply sends JSON. It ignores errors, because the client is gone then.
func reply(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// read returns the body of a write and counts it.
func (s *store) read(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return nil, false
	}
	s.writes.Add(1)
	s.bytes.Add(int64(len(body)))
	return body, true
}

// Command server is the API that the benchmarks measure against: it answers at
// once, or after a given latency, checks nothing, and keeps only what stockctl
// reads back. What it costs, it costs every client alike. It listens on
// loopback and prints its base URL when it does.
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
	latency := flag.Duration("latency", 0, "how long every answer takes")
	records := flag.Int("records", 0, "how many inventory records the store has")
	allow := flag.String("limit", "", "what it allows: bucket:RATE:SIZE, window:N:SPAN, or cap:N; several in turn, a minute each, with commas")
	after := flag.String("retry-after", "", "of a refusal: seconds, such as 1; date; or nothing")
	chance := flag.Float64("chance", 0, "the share of writes that are refused at random")
	certificate := flag.String("certificate", "", "the file that its certificate is written into: it speaks HTTPS")
	two := flag.Bool("http2", false, "HTTPS speaks HTTP/2, too")
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

// slow waits before each answer, and notes how long it took in truth.
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

func fixed(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, []byte(answer)) }
}

// reply sends JSON. A client that is gone needs none.
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

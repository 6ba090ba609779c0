package way

import (
	"net"
	"net/http"
	"time"
)

const (
	dialTimeout = 10 * time.Second
	// idleTimeout is below the usual limit of servers and proxies, so that a write
	// is seldom sent on a connection that the other side has just closed.
	idleTimeout = 30 * time.Second
)

// Transport returns a transport that keeps all connections of concurrent requests open.
// By default, net/http keeps only two and would dial repeatedly.
func Transport(connections int) *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		OnProxyConnectResponse: proxyAnswered,
		DialContext:            (&net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    connections,
		MaxConnsPerHost:        connections,
		IdleConnTimeout:        idleTimeout,
		TLSHandshakeTimeout:    dialTimeout,
	}
}

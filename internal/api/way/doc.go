// Package way is the way to the API: which base URL is taken, what the environment
// says of proxies and certificates, the connections, how far a request came, and
// what stood in its way. It knows nothing of what the API says.
package way

// Package way handles the way to the API: it checks the base URL and the environment's
// proxies and certificates, makes the transport, and reports how far a request got and
// what stopped it. It does not read the API's responses.
package way

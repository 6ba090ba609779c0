// Package api is a client for the inventory API. It defines the wire types and
// validates them before anything is sent, retries only the calls that are safe to
// repeat, and reads lists to their end. Its errors say what happened to a call.
//
// The API responds in two dialects: the published one, and the one that its own
// dashboard reads. The client accepts both, but returns and sends only the
// published one.
//
// It prints nothing except the debug output of Options.Debug, with secrets
// redacted. It stores nothing on disk, resolves no names, follows no redirects,
// and never resends a write that may have been applied.
package api

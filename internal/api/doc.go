// Package api is the inventory API in Go: its wire types with the rules that
// hold before anything is sent, a client that knows what may be sent twice,
// errors that say what became of a call, and lists that are read to their end.
//
// The API answers in two dialects, the published one and the one its own
// dashboard reads. The client accepts both and hands out, and sends, the
// published one only.
//
// It prints nothing (but what Options.Debug asks for, secrets redacted), keeps
// nothing on disk, resolves no names, follows no redirect, and never sends a
// write again that may have been applied.
package api

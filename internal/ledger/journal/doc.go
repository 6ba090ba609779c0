// Package journal keeps what an import must not forget: a folder for each run
// with what was asked for (the head), a line before each send (the intent) and
// a line after it (the outcome), each with a checksum. A process may be killed
// at any instant: what was written before a request left is there afterwards.
//
// It sends nothing, reads no input file, decides nothing about rows, and holds
// no secret.
package journal

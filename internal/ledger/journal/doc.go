// Package journal keeps a folder for each run, so that a run can be resumed after its
// process was killed at any moment. The folder contains the head (what was asked for)
// and the journal: a line before each request (the intent) and a line after it (the
// outcome), each with a checksum. A line is written before its request is sent.
//
// It does not send requests, read input files or decide anything about rows, and it
// stores no secrets.
package journal

// Package seeing holds the verbs that show stock over time: its history, what
// will run out, and the report. They change nothing.
package seeing

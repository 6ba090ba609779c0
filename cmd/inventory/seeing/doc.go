// Package seeing contains the commands that show stock over time: the history of a
// record, what will run out, and the report. They change nothing.
package seeing

// Package plain makes a server's texts safe to print: without control or invisible
// characters, and short enough for a line. It reduces a web page to its title.
package plain

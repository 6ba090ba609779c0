// Package plain makes the texts of a server fit for people: nothing in them moves a
// terminal, hides, or is longer than a line bears. A web page becomes its title.
package plain

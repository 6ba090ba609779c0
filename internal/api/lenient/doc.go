// Package lenient reads JSON values as servers write them: a whole number as 50.0, a
// text as a number, an empty map as an empty list. Nothing is rounded or guessed.
package lenient

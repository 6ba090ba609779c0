// Package lenient reads JSON values in the variants that servers write: whole numbers
// as 50.0, texts as numbers, empty maps as empty lists. It does not round or guess.
package lenient

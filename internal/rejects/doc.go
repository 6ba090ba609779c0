// Package rejects keeps an index of a rejects file, so that a later session of the same
// run can continue the file without repeating or losing a row. It does not parse the
// rows.
package rejects

// Package rejects keeps an index of a file of refused rows, so that a later session of
// the same run can continue the file: no row is repeated and none is lost. It knows
// nothing of what a row says.
package rejects

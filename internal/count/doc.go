// Package count keeps cycle counts: what was counted, written down as it is
// scanned, what the store had when counting began, and the stock movements that
// make the store's figures right. It asks nobody and prints nothing; sending the
// movements, each at most once, is the work of package ledger.
package count

// Package count manages cycle counts: it stores scans as they are made and the stock at
// the beginning of the count, and computes the stock movements that correct the store.
// It prints nothing and does not prompt. Package ledger sends the movements, each at
// most once.
package count

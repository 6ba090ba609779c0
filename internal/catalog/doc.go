// Package catalog keeps a local copy of a store's names: its products and SKUs
// with the merchant's codes, its warehouses, and what each inventory record is
// for. It makes no request: it is filled with what others read, and asked for
// what a name may stand for. Whatever goes wrong with the copy costs time, never
// an answer: a file that cannot be used is replaced, and without a place the copy
// lives in memory.
//
// The copy is one SQLite file for each store, private to its owner, that any
// number of processes may use. It belongs to a base URL and a tenant, not to a
// profile: which tenant an account has is kept in a small file next to it.
//
// Barcodes that people taught are no copy: see Barcodes.
package catalog

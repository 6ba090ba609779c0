// Package catalog keeps a local copy of a store's names: its products and SKUs
// with the merchant's codes, its warehouses, and the product, SKU and warehouse of
// each inventory record. It makes no requests: other packages fill it with what they
// read, and look up names in it. Faults of the copy cost time but never cause failures:
// an unusable file is replaced, and without a folder the copy is in memory.
//
// The copy is one private SQLite file per store, which any number of processes may
// use. It belongs to a base URL and a tenant, not to a profile; a small file next to
// it maps an account to its tenant.
//
// Barcodes that users add are not part of the copy: see Barcodes.
package catalog

// Package stock is the domain in its own words: what a row of a table does, and
// what a record of stock is called. It reads nothing, sends nothing, and knows
// no package above it.
package stock

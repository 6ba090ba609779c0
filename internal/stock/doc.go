// Package stock defines the terms of the domain: what the rows of a table do, and how a
// record of stock is named. It reads and sends nothing, and imports no package above it.
package stock

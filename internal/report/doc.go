// Package report makes one self-contained page of a store's stock: no script,
// style, font or picture is fetched, every text of the store is escaped, and the
// page says so to the browser by its content security policy. It reads nothing.
package report

// Package report creates a self-contained HTML page about a store's stock. The page
// fetches no script, style, font or picture, which its content security policy
// enforces, and every text from the store is escaped. The package reads nothing.
package report

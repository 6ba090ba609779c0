// Package importer turns a file of rows into a plan: it checks each row, resolves it to
// ids, and reports every mistake with its place. It shows what the plan would do, passes
// it to the ledger, and writes the rejects, the report and the summary.
//
// It sends nothing that changes stock, prints nothing and does not prompt. It reads no
// secrets and knows nothing of flags.
package importer

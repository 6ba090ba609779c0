// Package importer reads a file of many rows and makes a plan of it: what each row
// says, checked and resolved to ids, with every mistake in its place. It shows what
// the plan would do, hands it to the ledger, and keeps account of it in the form of
// the file: the rejects, the report and the summary.
//
// It sends nothing that changes stock, prints nothing and asks no questions. It
// reads no secret and knows no flag.
package importer

package main

// errorSchema is the name of the schema of errors. It is the only one that belongs to
// no command.
const errorSchema = "stockctl error"

// answers maps each command that prints JSON to the Go types of what it prints.
// [] is a list, which -o jsonl prints as one item per line.
func answers() map[string][]string {
	const inventory = "cmd/inventory"
	return map[string][]string{
		errorSchema: {"cmd.errorAnswer"},

		"stockctl version":       {"cmd.versionInfo"},
		"stockctl doctor":        {"[]cmd/doctor.check"},
		"stockctl auth status":   {"cmd/auth.status"},
		"stockctl profile list":  {"[]cmd/profile.summary"},
		"stockctl profile show":  {"cmd/profile.summary"},
		"stockctl layout list":   {"[]cmd/layout.listed"},
		"stockctl sandbox serve": {"cmd/sandbox.served"},

		"stockctl warehouse list":   {"[]internal/api.Warehouse"},
		"stockctl warehouse get":    {"internal/api.Warehouse"},
		"stockctl warehouse create": {"internal/api.Warehouse"},
		"stockctl warehouse update": {"internal/api.Warehouse"},

		"stockctl product list":         {"[]internal/api.Product"},
		"stockctl product get":          {"internal/api.Product", "[]internal/api.SKU"},
		"stockctl product barcode list": {"[]cmd/product.barcodeRow"},

		"stockctl inventory list":    {"[]internal/api.Record"},
		"stockctl inventory get":     {"internal/api.Record", "[]internal/api.Record"},
		"stockctl inventory create":  {"internal/api.Record", "[]" + inventory + ".entry", "internal/api.CreateRecord", "[]internal/api.CreateRecord"},
		"stockctl inventory adjust":  {"internal/api.Record"},
		"stockctl inventory reserve": {"internal/api.Record"},
		"stockctl inventory release": {"internal/api.Record"},
		"stockctl inventory logs":    {"[]internal/api.Movement"},

		"stockctl inventory history":   {"[]internal/history.Row"},
		"stockctl inventory low-stock": {"[]" + inventory + "/seeing.lowRecord", "[]" + inventory + "/seeing.coverRecord"},
		"stockctl inventory report":    {inventory + "/seeing.written"},
		"stockctl inventory export":    {inventory + "/exporting.exported"},

		"stockctl inventory count":        {"[]" + inventory + "/counting.line"},
		"stockctl inventory count resume": {"[]" + inventory + "/counting.line"},
		"stockctl inventory count list":   {"[]" + inventory + "/counting.storedCount"},
		"stockctl inventory count show":   {"[]" + inventory + "/counting.line"},
		"stockctl inventory count undo":   {"internal/undo.Summary"},

		"stockctl inventory transfer":        {"[]" + inventory + "/transferring.transferred", "[]" + inventory + "/transferring.movedRow"},
		"stockctl inventory transfer resume": {"[]" + inventory + "/transferring.transferred", "[]" + inventory + "/transferring.movedRow"},
		"stockctl inventory transfer undo":   {"[]" + inventory + "/transferring.transferred", "[]" + inventory + "/transferring.movedRow"},
		"stockctl inventory transfer list":   {"[]" + inventory + "/transferring.storedTransfer"},

		"stockctl inventory import":        {"internal/importer.Summary", inventory + "/importing.dryRunResult"},
		"stockctl inventory import apply":  {"internal/importer.Summary", inventory + "/importing.dryRunResult"},
		"stockctl inventory import resume": {"internal/importer.Summary", "internal/undo.Summary"},
		"stockctl inventory import undo":   {"internal/undo.Summary"},
		"stockctl inventory import runs":   {"[]" + inventory + "/importing.shownRun"},
		"stockctl inventory import show":   {"[]internal/ledger.Row"},
		"stockctl inventory import status": {inventory + "/importing.shownRun"},
	}
}

// silent maps the commands that ignore -o json to the reason.
func silent() map[string]string {
	const (
		done = "says on stderr what it did"
		text = "prints a text of its own"
	)
	return map[string]string{
		"stockctl api":                       "prints the API's response as it is",
		"stockctl completion bash":           text,
		"stockctl completion zsh":            text,
		"stockctl completion fish":           text,
		"stockctl completion powershell":     text,
		"stockctl auth token":                text,
		"stockctl layout show":               text,
		"stockctl inventory import template": text,
		"stockctl sandbox run":               "prints what its command prints",
		"stockctl auth login":                done,
		"stockctl auth logout":               done,
		"stockctl profile set":               done,
		"stockctl profile use":               done,
		"stockctl profile edit":              done,
		"stockctl profile delete":            done,
		"stockctl layout save":               done,
		"stockctl layout delete":             done,
		"stockctl sandbox reset":             done,
		"stockctl sandbox stop":              done,
		"stockctl product sync":              done,
		"stockctl product barcode add":       done,
		"stockctl product barcode remove":    done,
		"stockctl product barcode import":    done,
		"stockctl inventory import forget":   done,
		"stockctl inventory count forget":    done,
	}
}

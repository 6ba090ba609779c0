package failure

// Code is a stable word for what is wrong with a row or a value. It is the `code` of
// `details[]` and of reports, and the `_code` of a rejects file. A row that the API
// refused has the API's own code instead, if it sent one.
type Code = string

// The codes, in the order in which a row meets them.
const (
	CodeInvalid          Code = "invalid"             // a value breaks a rule, as the message says
	CodeTornRow          Code = "torn_row"            // the row could not be read: an open quote, or too many cells
	CodeUnknownRecord    Code = "unknown_record"      // the store has no such inventory record
	CodeSeveralRecords   Code = "several_records"     // the store has two inventory records of the item in the warehouse
	CodeContradicting    Code = "contradicting_names" // the row names two different records
	CodeDuplicateInFile  Code = "duplicate_in_file"   // another row of the file is for the same record
	CodeInactive         Code = "inactive_warehouse"  // the warehouse accepts no new stock
	CodeSameRecord       Code = "same_record"         // a move has the same record at both ends
	CodeNotEnough        Code = "not_enough"          // a move takes more than the record has available
	CodeBlank            Code = "blank"               // skipped: the quantity is blank (--blank skip)
	CodeOtherWarehouse   Code = "other_warehouse"     // skipped: the row is for another warehouse
	CodeSkippedDuplicate Code = "duplicate"           // skipped: --duplicates first or last chose another row
	CodeSummed           Code = "summed"              // skipped: the quantity is added to that of another row
	CodeKnown            Code = "known"               // not sent: it was applied before
	CodeUnchanged        Code = "unchanged"           // not sent: the file does not change the quantity
	CodeMoved            Code = "moved"               // not sent: stock moved after the file was written
	CodeSet              Code = "set"                 // the record existed, and --if-exists set changed its quantity
	CodeMismatch         Code = "mismatch"            // on hold: the log shows the token of the row with another record or quantity
	CodeDrifted          Code = "drifted"             // applied, but others moved the same record in between
)

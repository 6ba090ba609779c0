// Package workbook reads a sheet of an XLSX workbook as lines of CSV, so that line 7
// is row 7. A formula counts as the value that is stored with it; what a cell shows
// as a date or with zeros in front is read as it is shown. It unpacks as it reads,
// and knows no field.
package workbook

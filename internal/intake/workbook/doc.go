// Package workbook reads a sheet of an XLSX workbook as lines of CSV, so that line 7
// is row 7. The value of a formula is the one stored with it. Dates and numbers with
// leading zeros are read as their cells show them. It unpacks the file while reading,
// and knows no fields.
package workbook

package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// reportFile is the file of --report: one line per row, or the summary of the run.
type reportFile struct {
	file *os.File
	made bool // by this session, so close removes it if it is empty
}

// openReport opens the report before anything is sent. An existing file is left alone
// unless it is empty or an earlier session of the same run wrote it. If it is left alone,
// a new run refuses to begin, and a resumed run uses the next free name.
func openReport(name, run string, resumed bool) (*reportFile, error) {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	made := true
	if errors.Is(err, fs.ErrExist) {
		switch {
		case mayReport(name, run, resumed):
			made = false
			file, err = os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
		case resumed:
			file, err = createNew(name, 0o644)
		default:
			return nil, failure.FileExists("--report: " + name)
		}
	}
	if err != nil {
		return nil, failure.Usagef("--report: %w", err)
	}
	return &reportFile{file: file, made: made}, nil
}

// mayReport reports whether a run may write its report to an existing file.
func mayReport(name, run string, resumed bool) bool {
	info, err := os.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	return info.Size() == 0 || resumed && wrote(name, run)
}

// wrote reports whether a file is the report of the run.
func wrote(name, run string) bool {
	file, err := os.Open(name)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }() // it was only read
	in := json.NewDecoder(io.LimitReader(file, 1<<20))
	if strings.HasSuffix(name, ".json") {
		var summary Summary
		return in.Decode(&summary) == nil && summary.Run == run
	}
	in.DisallowUnknownFields()
	var line reportLine
	return in.Decode(&line) == nil && line.Row > 0 && line.State != ""
}

// same reports whether both are the same file.
func (r *reportFile) same(other *os.File) bool {
	a, errA := r.file.Stat()
	b, errB := other.Stat()
	return errA == nil && errB == nil && os.SameFile(a, b)
}

// close closes the file, and removes it if this session created it and wrote nothing.
func (r *reportFile) close() error {
	info, err := r.file.Stat()
	err = errors.Join(err, r.file.Close())
	if err == nil && r.made && info.Size() == 0 {
		return os.Remove(r.file.Name())
	}
	return err
}

// WriteReport writes the summary to its report, if --report asks for one, and closes it.
func (s *Summary) WriteReport() error {
	if s.report == nil {
		return nil
	}
	var text bytes.Buffer
	out := json.NewEncoder(&text)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	err := out.Encode(s)
	if err == nil {
		// An earlier session of this run may have written a summary.
		if err = s.report.file.Truncate(0); err == nil {
			_, err = s.report.file.Write(text.Bytes())
		}
	}
	err = errors.Join(err, s.report.close())
	s.report = nil
	if err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// NewReport opens a report for something other than a run: a dry run, or a file that
// cannot be sent. It does not overwrite files either.
func NewReport(name string) (io.WriteCloser, error) {
	r, err := openReport(name, "", false)
	if err != nil {
		return nil, err
	}
	return unsentReport{r.file, r}, nil
}

type unsentReport struct {
	io.Writer
	report *reportFile
}

// Close closes the file, and removes it if nothing was written.
func (u unsentReport) Close() error { return u.report.close() }

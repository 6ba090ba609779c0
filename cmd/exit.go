package cmd

import (
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/undo"
)

// ExitCode is the only table that maps kinds of failures to exit codes. The codes are
// part of the interface: they never change their meaning.
func ExitCode(kind failure.Kind) int {
	switch kind {
	case failure.Usage:
		return 2
	case failure.Config:
		return 3
	case failure.Auth:
		return 4
	case failure.Permission:
		return 5
	case failure.NotFound:
		return 6
	case failure.Refused, failure.AlreadyExists, importer.AlreadyImported, undo.AlreadyUndone:
		return 7
	case failure.Unavailable:
		return 8
	case failure.OutcomeUnknown:
		return 9
	case failure.Partial:
		return 10
	case failure.Condition:
		return 11
	case failure.Interrupted:
		return 130
	case failure.Terminated:
		return 143
	}
	return 1
}

// codeOf returns the exit code of an error.
func codeOf(err error) int {
	if err == nil {
		return 0
	}
	return ExitCode(failure.KindOf(err))
}

// advice returns the hint for a failure whose error has none.
func advice(kind failure.Kind) string {
	switch kind {
	case failure.Auth:
		return "run `stockctl auth login`"
	case failure.Permission:
		return "ask an administrator of the store for the permission; see who you are with `stockctl auth status`"
	case failure.Unavailable:
		return "nothing was changed: try again later"
	}
	return ""
}

// errorAnswer is the JSON that reports a failure on stderr.
type errorAnswer struct {
	Error errorObject `json:"error"`
}

// errorObject is the reason why a command failed.
type errorObject struct {
	Kind       failure.Kind     `json:"kind"`
	Message    string           `json:"message"`        // for people: it may change
	Hint       string           `json:"hint,omitempty"` // what to do, for people
	ExitCode   int              `json:"exitCode"`
	HTTPStatus int              `json:"httpStatus,omitempty"` // of the API's response, if there was one
	Retryable  bool             `json:"retryable"`            // nothing was changed, and the same command may succeed later
	Details    []failure.Detail `json:"details,omitempty"`    // the mistakes of a file or of flags, and the rows that were refused; 1,000 at most
}

// report writes a failure to stderr and returns its exit code.
func report(a *app.App, err error) int {
	if err == nil {
		return 0
	}
	kind := failure.KindOf(err)
	var ended *failure.ExitError
	if errors.As(err, &ended) && ended.Err == nil {
		return ended.Code
	}
	object := errorObject{
		Kind:      kind,
		Message:   err.Error(),
		Hint:      failure.HintOf(err),
		ExitCode:  ExitCode(kind),
		Retryable: kind == failure.Unavailable,
		Details:   failure.DetailsOf(err),
	}
	if ended != nil {
		object.ExitCode = ended.Code
	}
	if object.Hint == "" {
		object.Hint = a.Cure(err)
	}
	if object.Hint == "" {
		object.Hint = advice(kind)
	}
	var apiErr *api.Error
	if errors.As(err, &apiErr) {
		object.HTTPStatus = apiErr.Status
	}
	write := writeAnnotated(a)
	if wantsJSON(a) {
		write = writeJSON
	}
	if write(a.IO.Err, object) != nil && object.ExitCode == 0 {
		return 1
	}
	return object.ExitCode
}

func writeJSON(w io.Writer, e errorObject) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(errorAnswer{e})
}

// writeText writes a failure as text. With colour, the word error is red, so that it
// stands out. wrap breaks its lines.
func writeText(color bool, wrap func(string) string) func(io.Writer, errorObject) error {
	return func(w io.Writer, e errorObject) error {
		lines := strings.Split(e.Message, "\n")
		for i, line := range lines {
			lines[i] = output.Clean(line)
		}
		text := coloured(color, "1;31", "error:", wrap("error: "+strings.Join(lines, "\n"))) + "\n"
		if e.Hint != "" {
			text += coloured(color, "1", "hint:", wrap("hint: "+output.Clean(e.Hint))) + "\n"
		}
		_, err := io.WriteString(w, text)
		return err
	}
}

// coloured colours the beginning of a text.
func coloured(color bool, code, begin, text string) string {
	if !color {
		return text
	}
	return "\x1b[" + code + "m" + begin + "\x1b[0m" + strings.TrimPrefix(text, begin)
}

// wantsJSON reports whether the output is JSON, so that the error must be JSON, too. If
// the configuration cannot be read, only the flag and the environment decide.
func wantsJSON(a *app.App) bool {
	if c, err := a.Config(); err == nil {
		return strings.HasPrefix(c.Output().Value, "json") || a.Output.JQ != ""
	}
	return strings.HasPrefix(askedFormat(a), "json") || a.Output.JQ != ""
}

// askedFormat returns the format from the flag or the environment, without reading the
// configuration. It is blank if neither sets a format.
func askedFormat(a *app.App) string {
	if format, err := a.Flags.GetString("output"); err == nil && format != "" {
		return format
	}
	format, _ := a.LookupEnv("STOCKCTL_OUTPUT")
	return format
}

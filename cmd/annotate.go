package cmd

import (
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
)

// maxAnnotations is the number of errors that GitHub shows for a step.
const maxAnnotations = 10

// annotations returns a failure as workflow commands, which GitHub Actions shows at the
// lines of the files. It returns a blank string anywhere else.
func annotations(a *app.App, e errorObject) string {
	if in, _ := a.LookupEnv("GITHUB_ACTIONS"); in != "true" {
		return ""
	}
	root, _ := a.LookupEnv("GITHUB_WORKSPACE")
	var b strings.Builder
	for i, d := range e.Details {
		if i == maxAnnotations-1 && len(e.Details) > maxAnnotations {
			fmt.Fprintf(&b, "::error title=stockctl::%s\n", data(fmt.Sprintf("%d more are not shown", len(e.Details)-i)))
			break
		}
		b.WriteString("::error title=stockctl")
		if d.File != "" {
			b.WriteString(",file=" + property(inWorkspace(root, d.File)))
		}
		for _, at := range []struct {
			name string
			n    int
		}{{"line", d.Line}, {"col", d.Column}} {
			if at.n > 0 {
				b.WriteString("," + at.name + "=" + strconv.Itoa(at.n))
			}
		}
		fmt.Fprintf(&b, "::%s\n", data(sentence(d)))
	}
	if len(e.Details) == 0 {
		fmt.Fprintf(&b, "::error title=stockctl::%s\n", data(e.Message))
	}
	return b.String()
}

// sentence returns the text of a mistake without its position in the file.
func sentence(d failure.Detail) string {
	text := d.Flag
	if text == "" {
		text = d.Field
	}
	if d.Value != "" {
		text = strings.TrimSpace(text + " " + strconv.Quote(d.Value))
	}
	if text == "" {
		return d.Message
	}
	return text + ": " + d.Message
}

// inWorkspace returns a path relative to the repository, as GitHub expects it.
func inWorkspace(root, path string) string {
	whole, err := filepath.Abs(path)
	if err != nil || root == "" {
		return path
	}
	inside, err := filepath.Rel(root, whole)
	if err != nil || !filepath.IsLocal(inside) {
		return path
	}
	return filepath.ToSlash(inside)
}

// data escapes the text of a command, so that text from files and servers cannot end it.
func data(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = output.Clean(line)
	}
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(strings.Join(lines, "\n"))
}

// property escapes a property value of a command.
func property(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(text))
}

// writeAnnotated writes a failure as text, followed by the annotations for GitHub Actions.
func writeAnnotated(a *app.App) func(io.Writer, errorObject) error {
	text := writeText(a.ColorErr(), a.Wrapped)
	return func(w io.Writer, e errorObject) error {
		if err := text(w, e); err != nil {
			return err
		}
		_, err := io.WriteString(w, annotations(a, e))
		return err
	}
}

package main

import (
	"fmt"
	"strings"

	"github.com/bayworks/stockctl/cmd"
	"github.com/bayworks/stockctl/internal/failure"
)

const schemaIntro = `# JSON schemas

These JSON schemas (draft 2020-12) are generated from the code by ` + "`go run ./cmd/gen`" + `. Each is
complete in itself. Where a command prints a list, ` + "`-o jsonl`" + ` prints its items, one per line. With
` + "`--columns`" + `, only the chosen fields are printed. Later versions may add fields and words, but never
change or remove any, so ignore those you do not know.

`

// page returns a page that lists the schemas, and the words that programs test.
func (s *source) page() []byte {
	var b strings.Builder
	b.WriteString(schemaIntro + "| command | schema |\n| --- | --- |\n")
	for _, command := range sortedAnswers() {
		name := "`" + command + "`"
		if command == errorSchema {
			name = "any command that fails, on stderr"
		}
		fmt.Fprintf(&b, "| %s | [%s](%[2]s) |\n", name, schemaFile(command))
	}
	b.WriteString("\n## Kinds of failure\n\n`error.kind`, and the exit code that goes with it.\n\n| kind | exit code | meaning |\n| --- | --- | --- |\n")
	for _, w := range s.words[typeName{"internal/failure", "Kind"}] {
		fmt.Fprintf(&b, "| `%s` | %d | %s |\n", w.text, cmd.ExitCode(failure.Kind(w.text)), w.doc)
	}
	b.WriteString("\n## Codes of rows and values\n\n`code` in `details[]` and in `--report FILE.jsonl`, and `_code` in the file of refused rows.\n\n")
	s.list(&b, typeName{"internal/failure", "Code"})
	b.WriteString("\nA row that the API refused has the API's own code, if it sent one. Otherwise it has one of these,\nor the kind of the failure:\n\n")
	s.list(&b, typeName{"internal/api", "Reason"})
	return []byte(b.String())
}

func (s *source) list(b *strings.Builder, of typeName) {
	b.WriteString("| code | meaning |\n| --- | --- |\n")
	for _, w := range s.words[of] {
		if w.text != "" {
			fmt.Fprintf(b, "| `%s` | %s |\n", w.text, strings.ReplaceAll(w.doc, "|", `\|`))
		}
	}
}

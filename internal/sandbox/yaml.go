package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bayworks/stockctl/internal/failure"
)

// decodeYAML decodes the only document of a file. Unknown and repeated keys are mistakes.
func decodeYAML(file, contents string, data []byte, to any) error {
	in := yaml.NewDecoder(bytes.NewReader(data))
	in.KnownFields(true)
	switch err := in.Decode(to); {
	case errors.Is(err, io.EOF):
		return failure.Usagef("the %s is empty; give %s", file, contents)
	case err != nil:
		return failure.Usagef("the %s is not valid%s", file, yamlMistake(err))
	}
	if err := in.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return failure.Usagef("the %s contains more than one YAML document; only one is allowed", file)
	}
	return nil
}

// wholeNumber is an integer of a YAML file. The library would cut the fraction off 1.5.
type wholeNumber int64

// UnmarshalYAML accepts decimal digits with an optional sign.
func (w *wholeNumber) UnmarshalYAML(n *yaml.Node) error {
	v, err := strconv.ParseInt(n.Value, 10, 64)
	if err != nil {
		return fmt.Errorf("line %d: %q is not a whole number", n.Line, n.Value)
	}
	*w = wholeNumber(v)
	return nil
}

// yamlMistake describes the first mistake in our words, after its line if that is known. The
// library's words name Go types, and quote values, which can be the password.
func yamlMistake(err error) string {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	var several *yaml.TypeError
	if errors.As(err, &several) {
		message = several.Errors[0]
	}
	for _, known := range [][2]string{
		{`^unknown anchor .*`, "no anchor with this name is set before it; put a text that begins with * in quotes"},
		{`cannot decode .*`, "a value does not fit its tag"},
		{`field (\S+) not found in type \S+`, `unknown field "$1"`},
		{`cannot unmarshal !!(\w+).* into \[\]\S+`, "$1 was used where a list is expected"},
		{`cannot unmarshal !!(\w+).* into \*?string`, "$1 was used where a text is expected"},
		{`cannot unmarshal !!(\w+).* into \*?float64`, "$1 was used where a number is expected"},
		{`cannot unmarshal !!(\w+).* into \*?bool`, "$1 was used where true or false is expected"},
		{`cannot unmarshal !!(\w+).* into \S+`, "$1 was used where a mapping is expected"},
	} {
		message = regexp.MustCompile(known[0]).ReplaceAllString(message, known[1])
	}
	switch found := strings.Contains(message, ": did not find expected"); {
	case found: // only these mistakes have the number of the line before
		message = " after " + message
	case strings.HasPrefix(message, "line "):
		message = " at " + message
	default:
		message = ": " + message
	}
	return strings.NewReplacer("str was", "a text was", "map was", "a mapping was", "seq was", "a list was",
		"int was", "a number was", "float was", "a number was", "bool was", "true or false was").Replace(message)
}

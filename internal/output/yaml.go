package output

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// toYAML turns a JSON text into YAML with its keys in the same order.
func toYAML(text []byte) (string, error) {
	var value any
	if err := yaml.UnmarshalWithOptions(text, &value, yaml.UseOrderedMap()); err != nil {
		return "", fmt.Errorf("writing YAML: %w", err)
	}
	node, err := yaml.ValueToNode(value)
	if err != nil {
		return "", fmt.Errorf("writing YAML: %w", err)
	}
	ast.Walk(quoting{}, node)
	return node.String() + "\n", nil
}

// quoting puts the texts in quotes that would come back as something else.
type quoting struct{}

// Visit looks at keys and values alike.
func (q quoting) Visit(n ast.Node) ast.Visitor {
	if s, ok := n.(*ast.StringNode); ok && doubtful(s.Value) {
		s.Value = strconv.Quote(s.Value)
	}
	return q
}

// doubtful tells of texts that the library leaves bare, and a reader may take
// for a number, a time or a merge key ("1e3", ".inf", "12:30", "<<"), and of
// those with characters that must be escaped.
func doubtful(s string) bool {
	return s != "" && strings.ContainsRune("0123456789.+-=<~", rune(s[0])) || strings.ContainsFunc(s, unsafe)
}

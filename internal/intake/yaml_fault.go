package intake

import "strings"

// yamlFault says what the YAML parser found in words that name the cure. It
// knows the mistakes people make; the others keep the parser's words.
func yamlFault(message string) string {
	for _, known := range [][2]string{
		{"tab character", "is indented with a tab: YAML is indented with spaces"},
		{`'\t' that cannot start`, "is indented with a tab: YAML is indented with spaces"},
		{"'\t' that cannot start", "is indented with a tab: YAML is indented with spaces"},
		{"end character of double-quoted", `a text in double quotes is never closed: a " is missing`},
		{"end character of single-quoted", "a text in single quotes is never closed: a ' is missing"},
		{"mapping value is not allowed", "the value holds a second `key: value`: check the indentation, or put the value in quotes"},
		{"map key-value is pre-defined", "is indented deeper than its line above, which has a value already"},
		{"value is not allowed in this context", "does not fit here: check its indentation"},
		{"unexpected key name", "expected one line of `key: value`: a colon is missing, or a quote"},
		{"non-map value is specified", "expected `key: value`: a colon and a space are missing"},
		{"could not find flow mapping end", "a { is never closed: a } is missing"},
		{"could not find flow map content", "expected `key: value` inside { }: a colon or a } is missing"},
		{"invalid key for this map", "a key must be text"},
		{"sequence end token ']' not found", "a [ is never closed: a ] is missing"},
		{"',' or '}' must be specified", "expected a comma or }"},
		{"',' or ']' must be specified", "expected a comma or ]"},
		{"is a reserved character", "a text must not begin with this character: put it in quotes"},
		{"unknown escape character", `a backslash in double quotes must be written \\, or use single quotes`},
	} {
		if strings.Contains(message, known[0]) {
			return known[1]
		}
	}
	return "cannot be read as YAML here: " + strings.Join(strings.Fields(message), " ")
}

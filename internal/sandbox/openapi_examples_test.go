package sandbox_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"

	"github.com/bayworks/stockctl/internal/sandbox"
)

// Mock servers respond with the examples of the document. Every example must
// match its schema, and every string with a pattern must have an example.
func TestExamplesFitTheirSchemas(t *testing.T) {
	doc := documentOf(t, sandbox.Published).doc
	if err := doc.Validate(t.Context(), openapi3.EnableExamplesValidation()); err != nil {
		t.Error(err)
	}
	for name, schema := range doc.Components.Schemas {
		if s := schema.Value; s.Pattern != "" && s.Example == nil {
			t.Errorf("%s has a pattern but no example: a mock server would invent one that does not match", name)
		}
		if e := schema.Value.Example; e != nil {
			if err := schema.Value.VisitJSON(e); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for _, name := range []string{"Timestamp", "OptionalTimestamp"} {
		s := doc.Components.Schemas[name].Value
		for text, good := range map[string]bool{
			"2025-02-01T21:28:29.049": true, "2025-12-31T23:59:59Z": true, "2025-02-01T21:28:29+01:00": true,
			"2025-61-01T21:28:29": false, "2025-13-01T21:28:29": false, "2025-00-01T21:28:29": false, "2025-02-32T21:28:29": false,
			"2025-02-01T24:28:29": false, "2025-02-01T21:60:29": false, "2025-02-01": false,
		} {
			if err := s.VisitJSON(text); (err == nil) != good {
				t.Errorf("%s %s: %v", name, text, err)
			}
		}
	}
}

// A mock server gives the first 2xx response of each call, so that must be a
// success.
func TestFirstResponseIsASuccess(t *testing.T) {
	text, err := os.ReadFile(documentFile)
	if err != nil {
		t.Fatal(err)
	}
	var tree struct {
		Paths map[string]map[string]any
	}
	if err := yaml.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	calls := 0
	for path, methods := range tree.Paths {
		for method, call := range methods {
			responses, is := call.(map[string]any)
			if !is || responses["responses"] == nil {
				continue
			}
			answers := responses["responses"].(map[string]any)
			var good []string
			for code := range answers {
				if strings.HasPrefix(code, "2") {
					good = append(good, code)
				}
			}
			slices.Sort(good)
			calls++
			content := answers[good[0]].(map[string]any)["content"].(map[string]any)["application/json"].(map[string]any)
			if content["examples"] == nil {
				t.Errorf("%s %s: the first response, %s, has no example", method, path, good[0])
			}
			schema := content["schema"].(map[string]any)
			if several, is := schema["oneOf"].([]any); is {
				schema = several[0].(map[string]any)
			}
			if ref, _ := schema["$ref"].(string); ref == "" || strings.HasSuffix(ref, "/Refusal") {
				t.Errorf("%s %s: the first response is %s, with %q", method, path, good[0], ref)
			}
		}
	}
	if calls < 10 {
		t.Errorf("only %d calls were checked", calls)
	}
}

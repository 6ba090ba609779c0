package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"

	"github.com/bayworks/stockctl/internal/sandbox"
)

const documentFile = "../../docs/openapi.yaml"

var (
	publishedDocument = sync.OnceValues(func() (*document, error) { return readDocument(sandbox.Published) })
	dashboardDocument = sync.OnceValues(func() (*document, error) { return readDocument(sandbox.Dashboard) })
)

// document is the part of docs/openapi.yaml that describes one dialect.
type document struct{ doc *openapi3.T }

func documentOf(t testing.TB, dialect sandbox.Dialect) *document {
	t.Helper()
	read := publishedDocument
	if dialect == sandbox.Dashboard {
		read = dashboardDocument
	}
	d, err := read()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// readDocument reads the file without the other dialect's alternatives, so that a
// response that mixes the two fails validation.
func readDocument(dialect sandbox.Dialect) (*document, error) {
	text, err := os.ReadFile(documentFile)
	if err != nil {
		return nil, err
	}
	var tree map[string]any
	if err := yaml.Unmarshal(text, &tree); err != nil {
		return nil, err
	}
	schemas := tree["components"].(map[string]any)["schemas"].(map[string]any)
	other := func(alternative any) bool {
		ref, _ := alternative.(map[string]any)["$ref"].(string)
		schema, _ := schemas[strings.TrimPrefix(ref, "#/components/schemas/")].(map[string]any)
		speaks, _ := schema["x-dialect"].(string)
		return speaks != "" && speaks != string(dialect)
	}
	text, err = json.Marshal(without(tree, other))
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	return &document{doc}, err
}

// without removes alternatives from every oneOf of a tree.
func without(node any, drop func(any) bool) any {
	switch node := node.(type) {
	case map[string]any:
		for key, below := range node {
			if alternatives, is := below.([]any); is && key == "oneOf" {
				var kept []any
				for _, one := range alternatives {
					if !drop(one) {
						kept = append(kept, one)
					}
				}
				below = kept
			}
			node[key] = without(below, drop)
		}
	case []any:
		for i := range node {
			node[i] = without(node[i], drop)
		}
	}
	return node
}

// response returns the schema of a response. A call that the document does not
// describe can only be refused.
func (d *document) response(method, escapedPath string, status int) *openapi3.SchemaRef {
	failure := d.doc.Components.Schemas["Failure"]
	if method == http.MethodHead {
		method = http.MethodGet
	}
	var best *openapi3.PathItem
	literal := -1
	for path, item := range d.doc.Paths.Map() {
		if n, matches := matchPath(path, escapedPath); matches && n > literal {
			best, literal = item, n
		}
	}
	if best == nil || best.GetOperation(method) == nil {
		return failure
	}
	response := best.GetOperation(method).Responses.Status(status)
	if response == nil {
		return nil
	}
	return response.Value.Content.Get("application/json").Schema
}

// matchPath compares a path with a template; literal counts the segments that
// are not parameters.
func matchPath(template, path string) (literal int, matches bool) {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return 0, false
	}
	for i := range want {
		text, err := url.PathUnescape(got[i])
		parameter := strings.HasPrefix(want[i], "{")
		if err != nil || parameter && text == "" || !parameter && text != want[i] {
			return 0, false
		}
		if !parameter {
			literal++
		}
	}
	return literal, true
}

// check returns an error if the document does not allow a response.
func (d *document) check(r *http.Request, status int, header http.Header, body []byte) error {
	if got := header.Get("Content-Type"); got != "application/json" {
		return fmt.Errorf("the type is %q", got)
	}
	if r.Method == http.MethodHead {
		return nil
	}
	schema := d.response(r.Method, r.URL.EscapedPath(), status)
	if schema == nil {
		return fmt.Errorf("the document does not describe a response %d", status)
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return err
	}
	if object, is := value.(map[string]any); is && status < 300 && object["status"] == false {
		return fmt.Errorf("a refusal with status %d: the document allows it, but the sandbox must not send it", status)
	}
	return schema.Value.VisitJSON(value, openapi3.VisitAsResponse(), openapi3.MultiErrors(), openapi3.DisableSchemaErrorDetails())
}

// documented validates every response that passes through it.
type documented struct {
	t        testing.TB
	next     http.RoundTripper
	document *document
}

func (d documented) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := d.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	if err := d.document.check(r, response.StatusCode, response.Header, body); err != nil {
		d.t.Errorf("docs/openapi.yaml does not describe the response %[3]d to %[1]s %[2]s: %[4]v\n%[5]s", r.Method, r.URL.Path, response.StatusCode, err, body)
	}
	return response, nil
}

// The document and its examples must be valid, and no schema may allow unknown
// keys.
func TestDocumentIsWellFormed(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromFile(documentFile)
	if err != nil {
		t.Fatal(err)
	}
	err = doc.Validate(context.Background(), openapi3.EnableExamplesValidation(), openapi3.EnableSchemaFormatValidation(), openapi3.EnableMultiError())
	if err != nil {
		t.Error(err)
	}
	for name, schema := range doc.Components.Schemas {
		eachSchema(name, schema, func(where string, s *openapi3.Schema) {
			if !s.Type.Is("object") {
				return
			}
			open := s.AdditionalProperties.Has == nil || *s.AdditionalProperties.Has
			if isMap := len(s.Properties) == 0 && s.AdditionalProperties.Schema != nil; open && !isMap {
				t.Errorf("%s accepts any key: add additionalProperties: false", where)
			}
		})
	}
	ids := map[string]string{}
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			where := method + " " + path
			if operation.OperationID == "" || operation.Summary == "" || len(operation.Tags) != 1 || ids[operation.OperationID] != "" {
				t.Errorf("%s needs an id of its own, a summary and one tag", where)
			}
			ids[operation.OperationID] = where
			for _, status := range []int{http.StatusOK, http.StatusBadRequest, http.StatusInternalServerError} {
				if operation.Responses.Status(status) == nil {
					t.Errorf("%s: no response %d", where, status)
				}
			}
		}
	}
}

// eachSchema visits a schema and its inline schemas, but follows no references.
func eachSchema(where string, ref *openapi3.SchemaRef, visit func(string, *openapi3.Schema)) {
	if ref == nil {
		return
	}
	visit(where, ref.Value)
	inside := func(part string, below *openapi3.SchemaRef) {
		if below != nil && below.Ref == "" {
			eachSchema(where+"."+part, below, visit)
		}
	}
	for name, property := range ref.Value.Properties {
		inside(name, property)
	}
	inside("items", ref.Value.Items)
	inside("additionalProperties", ref.Value.AdditionalProperties.Schema)
	for i, one := range ref.Value.OneOf {
		inside(fmt.Sprintf("oneOf[%d]", i), one)
	}
}

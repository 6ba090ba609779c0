package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// schema is a JSON Schema of draft 2020-12, as far as the output needs it.
type schema struct {
	Dialect     string             `json:"$schema,omitempty"`
	Title       string             `json:"title,omitempty"`
	Description string             `json:"description,omitempty"`
	Ref         string             `json:"$ref,omitempty"`
	Type        any                `json:"type,omitempty"` // a name, or several
	Format      string             `json:"format,omitempty"`
	Enum        []any              `json:"enum,omitempty"`
	AnyOf       []*schema          `json:"anyOf,omitempty"`
	Items       *schema            `json:"items,omitempty"`
	Values      *schema            `json:"additionalProperties,omitempty"`
	Properties  properties         `json:"properties,omitempty"`
	Required    []string           `json:"required,omitempty"`
	Defs        map[string]*schema `json:"$defs,omitempty"`
}

// properties are the fields of an object in the order of the output.
type properties []property

type property struct {
	name string
	*schema
}

// MarshalJSON keeps the order.
func (p properties) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, one := range p {
		text, err := json.Marshal(one.schema)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%c%q:%s", "{,"[min(i, 1)], one.name, text)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// schemas returns the schema of each command that prints JSON, that of errors, and a
// page that lists them.
func schemas(root string) (files, error) {
	code, err := readSource(root)
	if err != nil {
		return nil, err
	}
	out := files{}
	for command, types := range answers() {
		text, err := code.answer(command, types)
		if err != nil {
			return nil, fmt.Errorf("the schema of %s: %w", command, err)
		}
		out[schemaFile(command)] = text
	}
	out["README.md"] = code.page()
	return out, nil
}

func schemaFile(command string) string { return strings.ReplaceAll(command, " ", "_") + ".json" }

// answer returns the schema of a command that prints one of the types.
func (s *source) answer(command string, types []string) ([]byte, error) {
	b := &builder{source: s, names: map[typeName]string{}, defs: map[string]*schema{}}
	var all []*schema
	for _, text := range types {
		one, err := b.parse(text)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	top := &schema{AnyOf: all}
	if len(all) == 1 {
		top = all[0]
	}
	top.Dialect, top.Title, top.Defs = "https://json-schema.org/draft/2020-12/schema", command+" -o json", b.defs
	if command == errorSchema {
		top.Title = "an error under -o json, on stderr"
	}
	var text bytes.Buffer
	out := json.NewEncoder(&text)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	err := out.Encode(top)
	return text.Bytes(), err
}

// builder makes the schema of one command.
type builder struct {
	*source
	names map[typeName]string // of definitions
	defs  map[string]*schema
}

// parse reads FOLDER.Type or []FOLDER.Type.
func (b *builder) parse(text string) (*schema, error) {
	if of, list := strings.CutPrefix(text, "[]"); list {
		items, err := b.parse(of)
		return &schema{Type: "array", Items: items}, err
	}
	dot := strings.LastIndexByte(text, '.')
	return b.reference(typeName{text[:dot], text[dot+1:]})
}

// reference returns a schema that refers to a type of ours, and defines it.
func (b *builder) reference(name typeName) (*schema, error) {
	name = b.real(name)
	d := b.types[name]
	if d == nil {
		return nil, fmt.Errorf("there is no type %s in %s", name.name, name.folder)
	}
	if special := encodedSpecially(name); special != nil {
		return special, nil
	}
	if def, known := b.names[name]; known {
		return &schema{Ref: "#/$defs/" + def}, nil
	}
	structure, ok := d.spec.Type.(*ast.StructType)
	if !ok {
		out, err := b.of(d.spec.Type, d.file, name.folder)
		for _, w := range b.words[name] {
			out.Enum = append(out.Enum, w.text)
		}
		return out, err
	}
	def := strings.ToUpper(name.name[:1]) + name.name[1:]
	if _, taken := b.defs[def]; taken {
		def = name.folder[strings.LastIndexByte(name.folder, '/')+1:] + def
	}
	out := &schema{Type: "object", Description: sentence(name.name, d.doc)}
	b.names[name], b.defs[def] = def, out
	if err := b.fields(out, structure, d.file, name.folder); err != nil {
		return nil, fmt.Errorf("%s: %w", name.name, err)
	}
	return &schema{Ref: "#/$defs/" + def}, nil
}

// encodedSpecially returns the schema of types with a MarshalJSON of their own.
func encodedSpecially(name typeName) *schema {
	if name == (typeName{"internal/api/lenient", "Time"}) {
		return &schema{Type: "string", Description: "RFC 3339, or a date and a time without a zone, as the API sent it"}
	}
	return nil
}

// fields adds the fields of a struct to an object.
func (b *builder) fields(to *schema, of *ast.StructType, file *ast.File, folder string) error {
	for _, f := range of.Fields.List {
		tag := ""
		if f.Tag != nil {
			tag = reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("json")
		}
		if len(f.Names) == 0 && tag == "" { // embedded
			name, _ := named(f.Type, file, folder)
			d := b.types[b.real(name)]
			if d == nil {
				return fmt.Errorf("%s is embedded, and not known", name.name)
			}
			if err := b.fields(to, d.spec.Type.(*ast.StructType), d.file, b.real(name).folder); err != nil {
				return err
			}
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		if name == "-" || len(f.Names) > 0 && !f.Names[0].IsExported() {
			continue
		}
		if name == "" {
			return fmt.Errorf("the field %s has no JSON name", f.Names[0])
		}
		one, err := b.of(f.Type, file, folder)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		about := comment(f.Doc, f.Comment)
		if len(f.Names) > 0 {
			about = sentence(f.Names[0].Name, about)
		}
		optional := strings.Contains(options, "omitempty")
		_, pointer := f.Type.(*ast.StarExpr)
		if !optional && (pointer || strings.Contains(about, "null: ")) {
			one = nullable(one)
		}
		if about != "" {
			one.Description = about
		}
		if !optional {
			to.Required = append(to.Required, name)
		}
		to.Properties = append(to.Properties, property{name, one})
	}
	return nil
}

// of returns the schema of a Go type.
func (b *builder) of(expr ast.Expr, file *ast.File, folder string) (*schema, error) {
	switch e := expr.(type) {
	case *ast.StarExpr:
		return b.of(e.X, file, folder)
	case *ast.ArrayType:
		items, err := b.of(e.Elt, file, folder)
		return &schema{Type: "array", Items: items}, err
	case *ast.MapType:
		values, err := b.of(e.Value, file, folder)
		return &schema{Type: "object", Values: values}, err
	case *ast.Ident:
		switch e.Name {
		case "string", "bool":
			return &schema{Type: map[string]string{"string": "string", "bool": "boolean"}[e.Name]}, nil
		case "int", "int64":
			return &schema{Type: "integer"}, nil
		case "float64":
			return &schema{Type: "number"}, nil
		}
	}
	name, ok := named(expr, file, folder)
	switch {
	case name == typeName{"time", "Time"}:
		return &schema{Type: "string", Format: "date-time"}, nil
	case name == typeName{"encoding/json", "Number"}:
		return &schema{Type: "number"}, nil
	case !ok:
		return nil, fmt.Errorf("the type %T is not known", expr)
	}
	return b.reference(name)
}

// nullable also allows null.
func nullable(s *schema) *schema {
	if name, ok := s.Type.(string); ok && s.Enum == nil {
		s.Type = []string{name, "null"}
		return s
	}
	return &schema{AnyOf: []*schema{s, {Type: "null"}}}
}

// sentence is the comment of a type or a field without its name in Go.
func sentence(name, doc string) string {
	for _, verb := range []string{" is ", " are ", " says "} {
		if rest, ok := strings.CutPrefix(doc, name+verb); ok {
			return strings.ToUpper(rest[:1]) + rest[1:]
		}
	}
	return doc
}

// sortedAnswers returns the commands that print JSON.
func sortedAnswers() []string { return slices.Sorted(maps.Keys(answers())) }

package columns

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/durable"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
)

//go:embed layouts/*.yaml
var shipped embed.FS

// Layout is a named description of how to read the files of a system.
type Layout struct {
	Name  string
	About string
	Own   bool // the user's own, not built in

	Columns    []Rule
	Values     []Translation
	Fill       map[string]string
	Blank      string
	Decimal    string
	Duplicates string
	Unsigned   bool
	Table      intake.Options
}

// Layouts are the built-in layouts, and the user's own layouts in a folder.
type Layouts struct {
	Dir     string
	Context context.Context // ends reads of pipes
}

// isName reports whether the user may give a layout this name.
func isName(name string) bool {
	ok, _ := regexp.MatchString(`^[a-z0-9][a-z0-9_-]{0,63}$`, name)
	return ok
}

// List returns all layouts, the built-in ones first.
func (l Layouts) List() ([]Layout, error) {
	var out []Layout
	entries, err := shipped.ReadDir("layouts")
	for _, e := range entries {
		one, failed := l.Get(strings.TrimSuffix(e.Name(), ".yaml"))
		out, err = append(out, one), errors.Join(err, failed)
	}
	own, failed := filepath.Glob(filepath.Join(l.Dir, "*.yaml"))
	err = errors.Join(err, failed)
	for _, path := range own {
		one, failed := l.Get(strings.TrimSuffix(filepath.Base(path), ".yaml"))
		if failed != nil {
			return nil, failed
		}
		out = append(out, one)
	}
	return out, err
}

// Text returns the text of a layout, by its name or the path of its file.
func (l Layouts) Text(name string) (text []byte, path string, err error) {
	if text, err := shipped.ReadFile("layouts/" + name + ".yaml"); err == nil {
		return text, "", nil
	}
	path = name
	if isName(name) {
		path = l.path(name)
	} else if ext := filepath.Ext(name); ext != ".yaml" && ext != ".yml" {
		return nil, "", l.unknown(name)
	}
	text, err = await.ReadFile(l.Context, path, math.MaxInt64)
	if errors.Is(err, fs.ErrNotExist) && isName(name) {
		return nil, "", l.unknown(name)
	}
	if err != nil {
		return nil, "", failure.Usagef("the layout cannot be read: %w", err)
	}
	return text, path, nil
}

func (l Layouts) path(name string) string { return filepath.Join(l.Dir, name+".yaml") }

func (l Layouts) unknown(name string) error {
	var names []string
	all, _ := l.List() // names only the readable ones
	for _, one := range all {
		names = append(names, one.Name)
	}
	return failure.New(failure.NotFound, "there is no layout %q", name).Hint("use %s, or your own FILE.yaml", failure.OneOf(names))
}

// Get reads a layout, by its name or the path of its file.
func (l Layouts) Get(name string) (Layout, error) {
	text, path, err := l.Text(name)
	if err != nil {
		return Layout{}, err
	}
	source := path
	if source == "" {
		source = name + ".yaml"
	}
	out, err := readLayout(source, text)
	out.Name, out.Own = name, path != ""
	return out, err
}

// Save stores a layout under its name. It overwrites an existing one only if replace is
// true.
func (l Layouts) Save(one Layout, replace bool) (path string, err error) {
	if !isName(one.Name) {
		return "", failure.Usagef("a layout's name must consist of lower-case letters, digits, - and _, not %q", one.Name)
	}
	if _, err := shipped.ReadFile("layouts/" + one.Name + ".yaml"); err == nil {
		return "", failure.Usagef("%s is a layout that comes with stockctl: choose another name", one.Name)
	}
	path = l.path(one.Name)
	if _, err := os.Lstat(path); err == nil && !replace {
		return "", failure.Usagef("the layout %s already exists", one.Name).Hint("--replace overwrites it")
	}
	if err := durable.MakeFolder(l.Dir); err != nil {
		return "", err
	}
	return path, durable.Replace(path, one.YAML(), 0o644)
}

// Delete removes one of the user's layouts.
func (l Layouts) Delete(name string) error {
	if _, err := shipped.ReadFile("layouts/" + name + ".yaml"); err == nil {
		return failure.Usagef("%s comes with stockctl and cannot be deleted", name)
	}
	if !isName(name) {
		return l.unknown(name)
	}
	err := os.Remove(l.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return l.unknown(name)
	}
	return err
}

// NewLayout returns a layout with the options of a reading.
func NewLayout(name, about string, o Reading) Layout {
	return Layout{
		Name: name, About: about, Columns: o.Map, Values: o.Values, Fill: o.Fill, Blank: o.Blank, Decimal: o.Decimal,
		Duplicates: o.Duplicates, Unsigned: o.Sign == api.SignAbsent, Table: o.Table,
	}
}

// readLayout reads the text of a layout, and reports every mistake in it.
func readLayout(source string, text []byte) (Layout, error) {
	docs, err := intake.ReadDocuments(source, bytes.NewReader(text))
	if err != nil {
		return Layout{}, err
	}
	if !docs.Single {
		return Layout{}, failure.Usagef("%s must be one mapping: about, columns, values …", source)
	}
	r := &layoutReader{problems: failure.Problems{Source: source}}
	for _, f := range docs.Records[0].Fields {
		r.field(f)
	}
	if len(r.out.Columns) == 0 {
		r.wrong(docs.Records[0].Pos, "columns", "has no columns")
	}
	return r.out, r.problems.Err()
}

type layoutReader struct {
	out      Layout
	problems failure.Problems
}

func (r *layoutReader) wrong(at intake.Pos, field, what string) {
	r.problems.Add(failure.Problem{Where: at.String(), Field: field, What: what})
}

func (r *layoutReader) field(f intake.Field) {
	o := &r.out
	one := func(allowed ...string) string {
		if !slices.Contains(allowed, f.Value.Text) {
			r.wrong(f.Value.Pos, f.Name, "must be "+failure.OneOf(allowed))
		}
		return f.Value.Text
	}
	switch f.Name {
	case "about":
		o.About = f.Value.Text
	case "columns":
		r.columns(f.Value)
	case "values":
		r.values(f.Value)
	case "fill":
		o.Fill = map[string]string{}
		for _, v := range f.Value.Fields {
			if o.Fill[v.Name] = v.Value.Text; v.Value.Text == "" || v.Value.Type == intake.Null {
				r.wrong(v.Value.Pos, v.Name, "has no value to fill in")
			}
		}
	case "blank":
		o.Blank = one(BlankError, BlankSkip)
	case "decimal":
		o.Decimal = one(DecimalPoint, DecimalComma)
	case "duplicates":
		o.Duplicates = one(DuplicatesFail, DuplicatesFirst, DuplicatesLast, DuplicatesSum)
	case "unsigned":
		o.Unsigned = one("true", "false") == "true"
	case "sheet":
		o.Table.Sheet = f.Value.Text
	case "encoding":
		o.Table.Encoding = f.Value.Text
	case "format":
		o.Table.Format = intake.Format(one("csv", "tsv", "jsonl", "json"))
	case "delimiter":
		d, size := utf8.DecodeRuneInString(f.Value.Text)
		if size == 0 || size != len(f.Value.Text) {
			r.wrong(f.Value.Pos, f.Name, "must be one character")
		}
		o.Table.Delimiter = d
	case "skipLines":
		n, err := strconv.Atoi(f.Value.Text)
		if err != nil || n < 0 {
			r.wrong(f.Value.Pos, f.Name, "must be a number of lines")
		}
		o.Table.SkipLines = n
	default:
		r.wrong(f.Pos, f.Name, "is not a key of a layout: the keys are about, columns, values, fill, blank, decimal, duplicates, unsigned, format, delimiter, encoding, skipLines and sheet")
	}
}

func (r *layoutReader) columns(v intake.Value) {
	for _, f := range v.Fields {
		rule := Rule{Header: f.Name, Field: f.Value.Text, Optional: true}
		field, _, _ := rule.parts()
		known := field == fieldNone || slices.ContainsFunc([]Mode{Create, Adjust, Set, Count, Move}, func(m Mode) bool { return takes(m, field) }) || strings.HasPrefix(field, "variantAttributes.")
		if err := rule.check(); err != nil {
			r.wrong(f.Pos, f.Name, err.Error())
		} else if !known {
			r.wrong(f.Value.Pos, f.Name, fmt.Sprintf("there is no field %q", field))
		}
		r.out.Columns = append(r.out.Columns, rule)
	}
}

func (r *layoutReader) values(v intake.Value) {
	for _, f := range v.Fields {
		if f.Value.Type != intake.Map {
			r.wrong(f.Value.Pos, f.Name, "must be a mapping from values in the file to values of the API")
		}
		for _, one := range f.Value.Fields {
			to := one.Value.Text
			if one.Value.Type == intake.Null {
				to = ""
			}
			r.out.Values = append(r.out.Values, Translation{f.Name, one.Name, to})
		}
	}
}

// YAML returns the text of a layout, as readLayout reads it.
func (one Layout) YAML() []byte {
	var b bytes.Buffer
	line := func(indent, key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s%s: %s\n", indent, quoted(key), quoted(value))
		}
	}
	line("", "about", one.About)
	b.WriteString("columns:\n")
	for _, r := range one.Columns {
		line("  ", r.Header, r.Field)
	}
	values := slices.Clone(one.Values)
	slices.SortStableFunc(values, func(a, b Translation) int { return strings.Compare(a.Field, b.Field) })
	for i, v := range values {
		if i == 0 {
			b.WriteString("values:\n")
		}
		if i == 0 || values[i-1].Field != v.Field {
			fmt.Fprintf(&b, "  %s:\n", quoted(v.Field))
		}
		fmt.Fprintf(&b, "    %s: %s\n", quoted(v.From), quoted(v.To))
	}
	for i, field := range slices.Sorted(maps.Keys(one.Fill)) {
		if i == 0 {
			b.WriteString("fill:\n")
		}
		line("  ", field, one.Fill[field])
	}
	line("", "blank", one.Blank)
	line("", "decimal", one.Decimal)
	line("", "duplicates", one.Duplicates)
	if one.Unsigned {
		b.WriteString("unsigned: true\n")
	}
	line("", "format", string(one.Table.Format))
	if one.Table.Delimiter != 0 {
		line("", "delimiter", string(one.Table.Delimiter))
	}
	line("", "encoding", one.Table.Encoding)
	if n := one.Table.SkipLines; n > 0 {
		fmt.Fprintf(&b, "skipLines: %d\n", n)
	}
	line("", "sheet", one.Table.Sheet)
	return b.Bytes()
}

// quoted returns text as YAML: a plain word unchanged, everything else as JSON, which is
// valid YAML.
func quoted(text string) string {
	plain, _ := regexp.MatchString(`^[A-Za-z][A-Za-z0-9/_-]*$`, text)
	switch strings.ToLower(text) {
	case "true", "false", "null", "yes", "no", "on", "off", "y", "n":
		plain = false
	}
	if plain {
		return text
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}

// Apply adds a layout to the options. Options that are already set take precedence.
func (one Layout) Apply(o *Reading) {
	own := map[string]bool{}
	for _, r := range o.Map {
		own[r.Field] = true
	}
	for _, r := range one.Columns {
		if !own[r.Field] && !own[quantityName(o.Mode, r.Field)] {
			o.Map = append(o.Map, r)
		}
	}
	o.Values = append(o.Values, one.Values...)
	for field, value := range one.Fill {
		if !hasKey(o.Fill, field) && takes(o.Mode, field) {
			if o.Fill == nil {
				o.Fill = map[string]string{}
			}
			o.Fill[field] = value
		}
	}
	o.Layout, o.Only = one.Name, true
	if o.Blank == "" {
		o.Blank = one.Blank
	}
	if o.Decimal == "" {
		o.Decimal = one.Decimal
	}
	if o.Duplicates == "" {
		o.Duplicates = one.Duplicates
	}
	if one.Unsigned && o.Mode == Adjust && o.Sign == api.SignAgrees {
		o.Sign = api.SignAbsent
	}
	t := &o.Table
	if t.Format == "" {
		t.Format = one.Table.Format
	}
	if t.Delimiter == 0 {
		t.Delimiter = one.Table.Delimiter
	}
	if t.Encoding == "" {
		t.Encoding = one.Table.Encoding
	}
	if t.SkipLines == 0 {
		t.SkipLines = one.Table.SkipLines
	}
	if t.Sheet == "" {
		t.Sheet = one.Table.Sheet
	}
}

// quantityName returns a mode's name for the field quantity; other fields are unchanged.
func quantityName(m Mode, field string) string {
	if name, rest, wide := strings.Cut(field, "@"); name == fieldQuantity {
		if wide {
			return quantityOf(m) + "@" + rest
		}
		return quantityOf(m)
	}
	return field
}

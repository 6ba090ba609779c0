package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const module = "github.com/bayworks/stockctl/"

// source is the program's code, read for the types of its JSON: their fields, their
// words and their comments.
type source struct {
	types map[typeName]*declared
	words map[typeName][]word
}

// typeName is a type: the folder of its package, and its name there.
type typeName struct{ folder, name string }

// declared is the declaration of a type, and where to resolve what it mentions.
type declared struct {
	spec *ast.TypeSpec
	doc  string
	file *ast.File
}

// word is a constant of a type, as a text.
type word struct{ text, doc string }

// readSource parses the packages below cmd and internal, without their tests.
func readSource(root string) (*source, error) {
	s := &source{map[typeName]*declared{}, map[typeName][]word{}}
	files := token.NewFileSet()
	parsed := map[*ast.File]string{}
	var order []*ast.File
	for _, top := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(name string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(files, name, nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			folder, err := filepath.Rel(root, filepath.Dir(name))
			parsed[file] = filepath.ToSlash(folder)
			order = append(order, file)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for _, file := range order {
		s.declare(file, parsed[file])
	}
	return s, nil
}

// declare records the types and the typed constants of a file.
func (s *source) declare(file *ast.File, folder string) {
	for _, d := range file.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				doc := spec.Doc
				if doc == nil {
					doc = decl.Doc
				}
				s.types[typeName{folder, spec.Name.Name}] = &declared{spec, comment(doc), file}
			case *ast.ValueSpec:
				name, ok := named(spec.Type, file, folder)
				if !ok || decl.Tok != token.CONST || len(spec.Values) != 1 {
					continue
				}
				literal, ok := spec.Values[0].(*ast.BasicLit)
				if !ok || literal.Kind != token.STRING {
					continue
				}
				text, _ := strconv.Unquote(literal.Value) // the parser has checked it
				s.words[name] = append(s.words[name], word{text, comment(spec.Doc, spec.Comment)})
			}
		}
	}
}

// named resolves the name of a type: one of the same package, or of one of ours that
// the file imports.
func named(expr ast.Expr, file *ast.File, folder string) (typeName, bool) {
	switch e := expr.(type) {
	case *ast.Ident:
		return typeName{folder, e.Name}, true
	case *ast.SelectorExpr:
		from, ok := e.X.(*ast.Ident)
		if !ok {
			return typeName{}, false
		}
		for _, i := range file.Imports {
			imported, _ := strconv.Unquote(i.Path.Value) // the parser has checked it
			if path.Base(imported) == from.Name {
				return typeName{strings.TrimPrefix(imported, module), e.Sel.Name}, true
			}
		}
	}
	return typeName{}, false
}

// real follows aliases such as columns.Mode of stock.Mode.
func (s *source) real(name typeName) typeName {
	d := s.types[name]
	if d == nil || !d.spec.Assign.IsValid() {
		return name
	}
	if of, ok := named(d.spec.Type, d.file, name.folder); ok && s.types[of] != nil {
		return s.real(of)
	}
	return name
}

// comment joins comments into one line.
func comment(groups ...*ast.CommentGroup) string {
	var parts []string
	for _, g := range groups {
		if text := strings.Join(strings.Fields(g.Text()), " "); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(slices.Compact(parts), " ")
}

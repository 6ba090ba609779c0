package cmd_test

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The files that define the codes of rows, the reasons of the API, and the columns of a
// rejects file.
func codeTables() map[string]bool {
	return map[string]bool{"internal/failure/code.go": true, "internal/api/messages.go": true, "internal/importer/files.go": true}
}

// Codes are a contract with scripts. Each is a constant of one table, so that nothing else
// in the code spells one, or the name of the column that contains it.
func TestCodesAreInOneTable(t *testing.T) {
	column := regexp.MustCompile(`^_?[a-z]+(_[a-z]+)*_code$|^_code$`)
	word := regexp.MustCompile(`^[a-z_]+$`)
	all, codes := sources(t), map[string]bool{}
	for _, src := range all {
		if codeTables()[src.name] {
			for _, word := range constants(src.file) {
				codes[word] = true
			}
		}
	}
	if !codes["torn_row"] || !codes["negative_stock"] {
		t.Fatalf("the tables have only %v", codes)
	}
	for _, src := range all {
		if codeTables()[src.name] {
			continue
		}
		ast.Inspect(src.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if _, isMap := n.Type.(*ast.MapType); isMap {
					return true
				}
				for _, one := range n.Elts {
					if pair, ok := one.(*ast.KeyValueExpr); ok && named(pair.Key, "Code") && word.MatchString(literal(pair.Value)) {
						t.Errorf("%s: the code %q is not a constant of the table", src.name, literal(pair.Value))
					}
				}
			case *ast.BinaryExpr:
				if about, ok := n.X.(*ast.SelectorExpr); ok && about.Sel.Name == "Code" && word.MatchString(literal(n.Y)) {
					t.Errorf("%s: a code is compared with %q, not with a constant", src.name, literal(n.Y))
				}
			case *ast.BasicLit:
				if text := literal(n); strings.Contains(text, "_") && codes[text] || column.MatchString(text) {
					t.Errorf("%s: %q is written out: use the constant", src.name, text)
				}
			}
			return true
		})
	}
}

func named(e ast.Expr, name string) bool {
	i, ok := e.(*ast.Ident)
	return ok && i.Name == name
}

// constants returns the texts of a file's constants.
func constants(file *ast.File) (out []string) {
	for _, d := range file.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			for _, value := range spec.(*ast.ValueSpec).Values {
				out = append(out, literal(value))
			}
		}
	}
	return out
}

// literal returns the text of a string literal, or "".
func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return text
}

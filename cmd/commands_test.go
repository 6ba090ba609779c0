package cmd_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ownWords returns what suggested commands contain unquoted, because it comes from
// stockctl itself.
func ownWords() []string {
	return []string{
		// The names of its commands and variables, its modes and its version.
		"about.CommandPath()", "c.CommandPath()", "cmd.CommandPath()", "sub.CommandPath()", "commandPath(root, args)", "command", "list",
		"near[0]", "verb", "line", "name", "v.name", "variable", "sync", "head.Mode", "v.Version",
		// Ids of imports, counts, transfers and movements, which consist of letters,
		// digits, - and _.
		"id", "run", "token", "b.ID", "before.ID", "h.ID", "head.ID", "p.Reference", "r.Token", "s.Head.ID", "s.ID", "s.Run", "w.head.ID", "w.plan.Reference",
		// Parts that are made in the same file, of quoted words.
		"again", "create", "f.cure", "flags", "sku", "to", "s.source.Command", "c.suggestion(missing)", "c.withFields()",
	}
}

// suggestedPart is a part of a command that a message suggests, and is not a literal.
type suggestedPart struct{ where, part string }

// suggestions returns the parts of all suggested commands in a file. A command is between
// backticks, or is a text of its own that begins with the program's name.
func suggestions(src source) (all []suggestedPart) {
	add := func(e ast.Expr) {
		if call, is := e.(*ast.CallExpr); is && slices.Contains([]string{"failure.Arg", "Arg", "columns.Quote", "Quote"}, types.ExprString(call.Fun)) {
			return
		}
		all = append(all, suggestedPart{src.name, types.ExprString(e)})
	}
	ast.Inspect(src.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			for i, arg := range n.Args {
				for at := range placesIn(literalOf(arg)) {
					if i+1+at < len(n.Args) {
						add(n.Args[i+1+at])
					}
				}
			}
		case *ast.BinaryExpr:
			if n.Op != token.ADD {
				return true
			}
			inside, begun := false, false
			for _, part := range operands(n) {
				text, is := text(part)
				if !is {
					if inside {
						add(part)
					}
					continue
				}
				inside = inside != (strings.Count(text, "`")%2 == 1) || !begun && strings.HasPrefix(text, "stockctl ")
				begun = true
			}
			return false
		}
		return true
	})
	return all
}

// placesIn returns which arguments of a format are within a command.
func placesIn(format string) map[int]bool {
	found := map[int]bool{}
	inside, n := strings.HasPrefix(format, "stockctl "), 0
	for i := 0; i < len(format); i++ {
		switch {
		case format[i] == '`':
			inside = !inside
		case format[i] == '%' && i+1 < len(format) && format[i+1] == '%':
			i++
		case format[i] == '%':
			if rest := strings.TrimLeft(format[i+1:], "+-#0123456789."); inside && rest != "" && strings.ContainsRune("svq", rune(rest[0])) {
				found[n] = true
			}
			n++
		}
	}
	return found
}

// literalOf returns the text of a literal, or of several that are added up.
func literalOf(e ast.Expr) string {
	all := ""
	for _, part := range operands(e) {
		text, is := text(part)
		if !is {
			return ""
		}
		all += text
	}
	return all
}

func operands(e ast.Expr) []ast.Expr {
	if sum, is := e.(*ast.BinaryExpr); is && sum.Op == token.ADD {
		return append(operands(sum.X), operands(sum.Y)...)
	}
	return []ast.Expr{e}
}

func text(e ast.Expr) (string, bool) {
	lit, is := e.(*ast.BasicLit)
	if !is || lit.Kind != token.STRING {
		return "", false
	}
	value, err := strconv.Unquote(lit.Value)
	return value, err == nil
}

// Whatever a suggested command contains of a file, a server or the command line is quoted
// for the shell.
func TestEverySuggestedCommandIsQuoted(t *testing.T) {
	own, used := ownWords(), map[string]bool{}
	for _, src := range sources(t) {
		if strings.HasPrefix(src.pkg, "cmd/gen") || strings.HasPrefix(src.pkg, "docs/") {
			continue
		}
		for _, s := range suggestions(src) {
			if !slices.Contains(own, s.part) {
				t.Errorf("%s suggests a command with %s: quote it with failure.Arg", s.where, s.part)
			}
			used[s.part] = true
		}
	}
	for _, part := range own {
		if !used[part] {
			t.Errorf("no suggested command contains %s: take it out of the list", part)
		}
	}
}

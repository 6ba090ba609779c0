package cmd_test

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Code, documents and completions use plain English. testdata/words.txt lists words and
// phrases that were once common here and that a native speaker would not use, with what
// to write instead. Test data may contain anything.
func TestPlainEnglish(t *testing.T) {
	words := plainWords(t)
	texts := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains([]string{".git", "testdata"}, entry.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if !slices.Contains([]string{".go", ".md", ".yaml", ".yml", ".sh", ".1", ".bash", ".zsh", ".fish", ".ps1"}, filepath.Ext(path)) {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		texts++
		if entry.Name() == "words_test.go" {
			return nil // has examples
		}
		for _, found := range words.find(string(text)) {
			t.Errorf("%s: %s", path, found)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if texts < 500 {
		t.Errorf("only %d files were checked", texts)
	}
}

// The check finds a word in any case and across the end of a comment's line, and ignores
// it inside another word.
func TestOddWordsAreFound(t *testing.T) {
	words := plainWords(t)
	for _, text := range []string{"there is Nobody here", "two requests side\n\t// by side", "Mend the file"} {
		if found := words.find(text); len(found) != 1 {
			t.Errorf("%q: found %v", text, found)
		}
	}
	if found := words.find("recommend http.NoBody, amended"); found != nil {
		t.Errorf("found %v", found)
	}
}

// A wordList finds words and phrases, and says what to write instead.
type wordList struct {
	odd   *regexp.Regexp
	plain map[string]string
}

// plainWords reads the list: on each line the forms of a word, and after " = " what to
// write instead.
func plainWords(t *testing.T) wordList {
	t.Helper()
	text, err := os.ReadFile("testdata/words.txt")
	if err != nil {
		t.Fatal(err)
	}
	plain := map[string]string{}
	for line := range strings.Lines(string(text)) {
		forms, better, ok := strings.Cut(strings.TrimSpace(line), " = ")
		if !ok {
			t.Fatalf("%q: want FORM|FORM = BETTER", line)
		}
		for _, form := range strings.Split(forms, "|") {
			plain[form] = better
		}
	}
	return wordList{regexp.MustCompile(`\b(` + strings.Join(slices.Sorted(maps.Keys(plain)), "|") + `)\b`), plain}
}

// find returns the words of the list in a text, each with the words around it.
func (l wordList) find(text string) (found []string) {
	var joined strings.Builder
	for line := range strings.Lines(text) {
		joined.WriteString(strings.TrimLeft(strings.TrimSpace(line), "/# ") + " ")
	}
	lower := strings.ToLower(strings.ReplaceAll(joined.String(), "http.NoBody", "http.No"))
	for _, at := range l.odd.FindAllStringIndex(lower, -1) {
		around := lower[max(at[0]-30, 0):min(at[1]+30, len(lower))]
		found = append(found, fmt.Sprintf("%q: write %s", around, l.plain[lower[at[0]:at[1]]]))
	}
	return found
}

package main

import "testing"

// Tables and examples in a help text must keep their layout in the pages.
func TestFence(t *testing.T) {
	for name, c := range map[string]struct{ long, want string }{
		"prose":        {"One.\n\nTwo.", "One.\n\nTwo."},
		"exit codes":   {"One.\n\nExit codes:\n  0  done\n  7  refused", "One.\n\nExit codes:\n\n```\n  0  done\n  7  refused\n```"},
		"prose after":  {"One:\n\n  a\n  b\n\nTwo.", "One:\n\n```\n  a\n  b\n```\n\nTwo."},
		"two examples": {"One:\n\n  a\n\n  b\nTwo.", "One:\n\n```\n  a\n\n  b\n```\n\nTwo."},
	} {
		if got := fence(c.long); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

func TestSections(t *testing.T) {
	if got, want := sections("One.\n\nExit codes:\n\n```"), "One.\n\n# EXIT STATUS\n\n```"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := sections("Exit codes matter."), "Exit codes matter."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

//go:build !windows

package iostreams_test

import (
	"io"
	"strings"
	"testing"

	"github.com/creack/pty"

	"github.com/bayworks/stockctl/internal/iostreams"
)

// What is typed while no question is shown does not appear on the screen, but is there
// when it is read.
func TestMute(t *testing.T) {
	keys, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	defer tty.Close()
	s := &iostreams.Streams{In: tty, InTTY: true}
	buf := make([]byte, 100)
	typed := func(text string) string {
		if _, err := io.WriteString(keys, text+"\n"); err != nil {
			t.Fatal(err)
		}
		n, err := tty.Read(buf)
		if err != nil || string(buf[:n]) != text+"\n" {
			t.Fatalf("read %q, %v", buf[:n], err)
		}
		return text
	}
	typed("before")
	s.Mute()
	s.Mute()
	typed("muted")
	s.Unmute()
	s.Unmute()
	typed("after")
	if _, err := io.WriteString(tty, "[end]"); err != nil {
		t.Fatal(err)
	}
	screen := ""
	for !strings.HasSuffix(screen, "[end]") {
		n, err := keys.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		screen += string(buf[:n])
	}
	if want := "before\r\nafter\r\n[end]"; screen != want {
		t.Errorf("the screen shows %q, want %q", screen, want)
	}
}

// A terminal that echoed nothing before the program began stays as it was.
func TestUnmuteOnlyTakesMuteBack(t *testing.T) {
	keys, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	defer keys.Close()
	defer tty.Close()
	outer, inner := &iostreams.Streams{In: tty, InTTY: true}, &iostreams.Streams{In: tty, InTTY: true}
	outer.Mute()
	inner.Mute()
	inner.Unmute()
	if _, err := io.WriteString(keys, "secret\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(tty, "[end]"); err != nil {
		t.Fatal(err)
	}
	screen := make([]byte, 5)
	if _, err := io.ReadFull(keys, screen); err != nil || string(screen) != "[end]" {
		t.Errorf("the screen shows %q, %v", screen, err)
	}
}

//go:build !windows

package prompt

import (
	"os"

	"golang.org/x/sys/unix"
)

// endsLine reports whether a byte is an Enter. It is a carriage return if it was typed while
// a question without echo was on the screen.
func endsLine(b byte) bool { return b == '\n' || b == '\r' }

// available reports whether more can be read without waiting.
func available(f *os.File) bool {
	fds := []unix.PollFd{{Fd: int32(f.Fd()), Events: unix.POLLIN}}
	n, err := unix.Poll(fds, 0)
	return err == nil && n > 0 && fds[0].Revents&unix.POLLIN != 0
}

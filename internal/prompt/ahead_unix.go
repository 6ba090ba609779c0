//go:build !windows

package prompt

import (
	"os"

	"golang.org/x/sys/unix"
)

// available reports whether more can be read without waiting.
func available(f *os.File) bool {
	fds := []unix.PollFd{{Fd: int32(f.Fd()), Events: unix.POLLIN}}
	n, err := unix.Poll(fds, 0)
	return err == nil && n > 0 && fds[0].Revents&unix.POLLIN != 0
}

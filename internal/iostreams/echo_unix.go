//go:build !windows

package iostreams

import (
	"os"

	"golang.org/x/sys/unix"
)

// setEcho makes a terminal show what is typed, or not. It reports whether that changed.
func setEcho(terminal *os.File, on bool) bool {
	state, err := unix.IoctlGetTermios(int(terminal.Fd()), getTermios)
	if err != nil || on == (state.Lflag&unix.ECHO != 0) {
		return false
	}
	state.Lflag ^= unix.ECHO
	return unix.IoctlSetTermios(int(terminal.Fd()), setTermios, state) == nil
}

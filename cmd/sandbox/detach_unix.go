//go:build !windows

package sandbox

import "syscall"

// background makes a process independent of the terminal that started it.
func background() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

package sandbox

import "syscall"

// detachedProcess is the flag of CreateProcess for a process without a console.
const detachedProcess = 0x8

// background makes a process independent of the console that started it.
func background() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: detachedProcess | syscall.CREATE_NEW_PROCESS_GROUP}
}

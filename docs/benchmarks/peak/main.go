//go:build unix

// Command peak runs a program and writes its peak resident memory, in the system's unit,
// to a file: peak FILE PROGRAM [ARG ...]. A process starts with the peak of its parent, so
// whatever starts a measured program must be small. The exit code is the program's.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

func main() {
	code, err := run(os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "peak:", err)
		os.Exit(125)
	}
	os.Exit(code)
}

func run(file string, args []string) (code int, err error) {
	program := exec.CommandContext(context.Background(), args[0], args[1:]...)
	program.Stdin, program.Stdout, program.Stderr = os.Stdin, os.Stdout, os.Stderr
	var exit *exec.ExitError
	if err := program.Run(); err != nil && !errors.As(err, &exit) {
		return 0, err
	}
	used, ok := program.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0, errors.New("the system does not report peak memory")
	}
	return program.ProcessState.ExitCode(), os.WriteFile(file, fmt.Append(nil, used.Maxrss), 0o600)
}

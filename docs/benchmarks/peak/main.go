//go:build unix

// Command peak runs a program and writes the most resident memory that it had,
// in the system's unit, into a file: peak FILE PROGRAM [ARG ...]. A process is
// reckoned to begin with the peak of the one that starts it, so what starts a
// measured one must be small. Its exit code is the program's.
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
		return 0, errors.New("the system does not tell")
	}
	return program.ProcessState.ExitCode(), os.WriteFile(file, fmt.Append(nil, used.Maxrss), 0o600)
}

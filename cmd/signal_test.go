package cmd

import "os"

// Interrupt exports the cause of a context that Ctrl-C has ended.
func Interrupt() error { return stopped{os.Interrupt} }

package prompt

import "os"

// endsLine reports whether a byte ends an Enter, which is a carriage return and this.
func endsLine(b byte) bool { return b == '\n' }

// available reports whether more can be read without waiting. A Windows console delivers
// one key at a time.
func available(*os.File) bool { return false }

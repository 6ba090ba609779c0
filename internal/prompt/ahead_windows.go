package prompt

import "os"

// available reports whether more can be read without waiting. A Windows console delivers
// one key at a time.
func available(*os.File) bool { return false }

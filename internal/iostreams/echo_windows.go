package iostreams

import "os"

// setEcho does nothing: a Windows console only echoes what a program reads.
func setEcho(*os.File, bool) bool { return false }

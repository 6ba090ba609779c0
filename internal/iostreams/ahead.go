package iostreams

import "io"

// ByteByByte returns a reader of a terminal that reads no further than its caller. What is
// typed after an Enter then stays in the terminal for the next question.
func ByteByByte(terminal io.Reader) io.Reader { return byteByByte{terminal} }

type byteByByte struct{ in io.Reader }

func (b byteByByte) Read(to []byte) (int, error) { return b.in.Read(to[:min(1, len(to))]) }

package sandbox

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
)

// newID returns a new id, such as inv_4xgk2mq7w3cnb5ye. Its 80 random bits make
// a collision practically impossible.
func newID(prefix string) string {
	raw := make([]byte, 10)
	rand.Read(raw) // documented to never fail
	return prefix + "_" + strings.ToLower(base32.StdEncoding.EncodeToString(raw))
}

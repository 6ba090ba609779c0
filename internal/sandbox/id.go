package sandbox

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
)

// newID returns a fresh id, such as inv_4xgk2mq7w3cnb5ye: 80 random bits, so
// that two never meet.
func newID(prefix string) string {
	raw := make([]byte, 10)
	rand.Read(raw) // never fails, by its contract
	return prefix + "_" + strings.ToLower(base32.StdEncoding.EncodeToString(raw))
}

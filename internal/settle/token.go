package settle

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
)

// The lengths of the parts of a token: sc1-IIIIII-RRRRRRRRRRRR.
const (
	tokenPrefix  = "sc1-"
	importLength = 6
	rowLength    = 12
	alphabet     = "abcdefghijklmnopqrstuvwxyz234567"
	// tokenLength is the length of a token.
	tokenLength = len(tokenPrefix) + importLength + 1 + rowLength
)

// Tag returns the part of a token that identifies the import.
func Tag(importID string) string { return digest(importID)[:importLength] }

// RowTag returns the part of a token that identifies a movement within a file. It does
// not depend on the import or the line number, so that fixing other lines does not
// change it, but on the record, the change, and that this is the n-th such row in the
// file.
func RowTag(record, action string, qty int64, reference string, n int) string {
	var numbers [16]byte
	binary.BigEndian.PutUint64(numbers[:8], uint64(qty))
	binary.BigEndian.PutUint64(numbers[8:], uint64(n))
	return digest(record, action, reference, string(numbers[:]))[:rowLength]
}

// newToken returns a unique token for a movement that does not belong to an import.
func newToken() string {
	b := make([]byte, 12)
	rand.Read(b) // documented to never fail
	text := encode(b)
	return Token(text[:importLength], text[importLength:importLength+rowLength])
}

// Token joins the two parts.
func Token(tag, rowTag string) string { return tokenPrefix + tag + "-" + rowTag }

// SplitToken returns the parts of a token, or false if the text is not a token.
func SplitToken(text string) (tag, rowTag string, ok bool) {
	rest, found := strings.CutPrefix(text, tokenPrefix)
	if !found || len(text) != tokenLength || rest[importLength] != '-' {
		return "", "", false
	}
	tag, rowTag = rest[:importLength], rest[importLength+1:]
	if strings.Trim(tag+rowTag, alphabet) != "" {
		return "", "", false
	}
	return tag, rowTag, true
}

// digest hashes a list of texts unambiguously.
func digest(texts ...string) string {
	h := sha256.New()
	var length [8]byte
	for _, text := range texts {
		binary.BigEndian.PutUint64(length[:], uint64(len(text)))
		h.Write(length[:])
		h.Write([]byte(text))
	}
	return encode(h.Sum(nil))
}

func encode(b []byte) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}

// Carry adds a token to a movement: as its reference if it has none, and otherwise at
// the start of its notes.
func Carry(token, reference, notes string) (carriedReference, carriedNotes string) {
	if reference == "" {
		return token, notes
	}
	if notes == "" {
		return reference, "[" + token + "]"
	}
	return reference, "[" + token + "] " + notes
}

// TokenOf returns the token in an entry of the log, or "".
func TokenOf(entry api.Movement) string {
	if _, _, ok := SplitToken(entry.Reference); ok {
		return entry.Reference
	}
	if len(entry.Notes) > tokenLength+1 && entry.Notes[0] == '[' && entry.Notes[tokenLength+1] == ']' {
		if token := entry.Notes[1 : tokenLength+1]; validToken(token) {
			return token
		}
	}
	return ""
}

func validToken(text string) bool {
	_, _, ok := SplitToken(text)
	return ok
}

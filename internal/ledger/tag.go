package ledger

// A tag is 12 characters of this alphabet: 60 bits.
const (
	tagAlphabet = "abcdefghijklmnopqrstuvwxyz234567"
	tagLength   = 12
)

// tagNumber packs a tag into a number.
func tagNumber(tag string) (n uint64) {
	for i := range len(tag) {
		c := tag[i]
		if c >= 'a' {
			n = n<<5 | uint64(c-'a')
		} else {
			n = n<<5 | uint64(c-'2'+26)
		}
	}
	return n
}

// tagText unpacks a tag from a number.
func tagText(n uint64) string {
	var tag [tagLength]byte
	for i := tagLength - 1; i >= 0; i-- {
		tag[i] = tagAlphabet[n&31]
		n >>= 5
	}
	return string(tag[:])
}

package stock

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// Key is how a row names its record: by the record's id or its address.
type Key struct {
	Record string
	Address
}

// String returns the id or the address.
func (k Key) String() string { return cmp.Or(k.Record, k.Address.String()) }

// Text returns the key as one text. It must never change: shards and the column _n of
// rejects files depend on it.
func (k Key) Text() string {
	if k.Record != "" {
		return k.Record
	}
	return k.Product + "\x00" + k.SKU + "\x00" + k.Warehouse
}

// Shard is one of N parts of a file. The zero value is the entire file.
type Shard struct {
	I int `json:"i,omitempty"`
	N int `json:"n,omitempty"`
}

// ParseShard parses I/N, with I from 0 to N−1.
func ParseShard(text string) (Shard, error) {
	left, right, _ := strings.Cut(text, "/")
	i, errI := strconv.Atoi(left)
	n, errN := strconv.Atoi(right)
	switch {
	case errI != nil || errN != nil || n < 1 || i < 0:
		return Shard{}, failure.Usagef("--shard must be I/N, such as 0/4, not %q", text)
	case i >= n:
		return Shard{}, failure.Usagef("--shard %s: shards are counted from 0, so the last of %d is %d/%d", text, n, n-1, n)
	}
	return Shard{i, n}, nil
}

// String returns I/N, or "" for the entire file.
func (s Shard) String() string {
	if s.N == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.I, s.N)
}

// Whole reports whether there are no other shards.
func (s Shard) Whole() bool { return s.N < 2 }

// Has reports whether a record belongs to the shard, by the text of its key. It must
// never change: different versions may import the shards of one file.
func (s Shard) Has(key string) bool {
	if s.Whole() {
		return true
	}
	sum := sha256.Sum256([]byte(key))
	return int(binary.BigEndian.Uint64(sum[:8])%uint64(s.N)) == s.I
}

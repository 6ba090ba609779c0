package failure

import "strconv"

// Count writes how many there are of a thing, in words that agree: "1 record
// is", "3 records are". One and many are the words behind the number.
func Count[N int | int64](n N, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.FormatInt(int64(n), 10) + " " + many
}

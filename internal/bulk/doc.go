// Package bulk runs many writes from one table and accounts for every row of
// it: what was applied, what stood before, what was refused, and what could not
// be found out. It survives being killed at any instant, since each row is in a
// journal before it is sent, and it never sends a stock movement again that may
// have been applied.
//
// It prints nothing and asks nobody: a command shows its Plan, its Progress and
// its Summary. It reads no secret and knows no flag.
package bulk

// Package transfer moves stock from one warehouse to another with two movements and
// always knows which of them were applied. The API has no transfer, so it takes two
// adjustments, and between them the process may be killed or a response lost.
//
// The plan is on disk before the first movement is sent. Every movement of a transfer
// carries its reference, and at the start of its notes a token of its own and both
// records. So the movement log alone is enough to finish or undo a transfer, even on
// another machine. A movement that may have been sent is searched for in the log before
// it is sent again.
//
// The package prints nothing and does not prompt.
package transfer

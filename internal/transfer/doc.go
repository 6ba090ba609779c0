// Package transfer moves stock from one warehouse to another by two movements,
// and knows at every moment what stands. The API has no transfer: it takes two
// adjustments, and between them the process may be killed or an answer lost.
//
// The plan is on disk before the first movement leaves. All movements of a
// transfer carry its reference, and first in their notes a token of their own
// with both records, so that the movement log alone is enough to finish or to
// undo it, also on another machine. A movement that may have been sent is looked
// for in the log before it is sent again.
//
// The package prints nothing and asks no questions.
package transfer

// Package pace finds out how fast an API may be asked, and asks it no faster.
//
// A Limiter is a calculation without a clock: the time is passed in, so that a
// test simulates hours in milliseconds. A Gate makes goroutines wait for it. The
// package knows nothing of HTTP.
//
// The signal is what was accepted, not the refusal alone: TCP BBR reads the rate
// of delivery in the same way, where older TCP reads every loss as a limit.
//   - Requests leave at a tempo, each spaced from the one that really left before
//     it: a schedule that catches up after a late timer is a burst.
//   - The tempo doubles until requests are refused. It is cut once for each such
//     overshoot, to what was accepted in it, and rises again: at once to where it
//     went well before, slowly beyond.
//   - A Retry-After costs as long as it lasts, so that few of them must be enough. The
//     first tells a rate for each size that a token bucket may have. When its pause is
//     over and the bucket is full, a burst tells the size (see begin and measured).
//   - A tempo that is known is held a little below the limit, and a higher one is tried
//     three times a minute: a limit that has risen is found within half a minute.
//   - Where a bucket holds but one or two requests, some are refused by chance. Requests
//     are spaced evenly then, somewhat further apart.
//   - Refusals that a slower tempo does not lessen are chance, and cost nothing.
//   - Where only requests beyond a depth are refused, the API limits how many run
//     at a time, and the width of the window meets that.
package pace

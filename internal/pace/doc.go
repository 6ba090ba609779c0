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
//   - A Retry-After costs as long as it lasts. Two of them are enough: a token
//     bucket of one rate and one size must explain both (see fit). The more often
//     the same tempo was refused, the longer the one below it is held.
//   - Where a bucket holds but one request, some are refused by chance. Requests are
//     spaced evenly then, at a tempo at which that seldom happens (see spacing).
//   - Refusals that a slower tempo does not lessen are chance, and cost nothing.
//   - Where only requests beyond a depth are refused, the API limits how many run
//     at a time, and the width of the window meets that.
package pace

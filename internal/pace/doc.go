// Package pace determines how fast an API accepts requests, and sends no faster.
//
// A Limiter computes without a clock: callers pass the time, so that tests simulate
// hours in milliseconds. A Gate makes goroutines wait for it. The package does not know
// HTTP.
//
// The signal is the rate of accepted requests, not only refusals. TCP BBR uses the rate
// of delivery in the same way, while older TCP treats every loss as a limit.
//   - Requests leave at a tempo. Each is spaced from the actual departure of the one
//     before: a schedule that catches up after a late timer would cause a burst.
//   - The tempo doubles until requests are refused. It is cut once per overshoot, to the
//     rate that was accepted in it. It rises again quickly to where it went well before,
//     and slowly above that.
//   - Each Retry-After costs its full length, so the limiter must learn from few of them.
//     After the first one, each possible size of a token bucket implies a rate. When its
//     pause is over and the bucket is full, a burst shows the size (see begin and measured).
//   - A known tempo is held a little below the limit, and a higher one is tried three
//     times a minute. So an increased limit is found within half a minute. Near the end of
//     a run, none is tried: a refusal would cost more than there is to gain.
//   - If a request is refused soon although nothing has changed, another program may use
//     the limit, too. The tempo then falls to half of the limit, or to a third.
//   - If a bucket holds only one request, the gaps before accepted and refused requests
//     are bounds of its rate (see boundsOf). Some requests are refused by chance, so all are
//     spaced evenly, and a little further apart.
//   - Refusals that a slower tempo does not reduce are chance, and have no effect.
//   - If only requests beyond a depth are refused, the API limits concurrent requests,
//     and the width of the window adapts to that.
package pace

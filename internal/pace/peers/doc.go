// Package peers lets the runs on one machine share one pace if they use the same account,
// because they share its limit, too. The run that was first leads: its gate also releases
// the requests of the others, who follow it through a socket. Each request waits in one
// queue, so all runs get about the same share. While requests are fast and nothing indicates
// a limit, there is nothing to share, and a run does not ask.
//
// A run never depends on its leader. If the leader ends, is killed or hangs, each follower
// continues on its own with the limit that was learnt, and one of them becomes the leader.
// If no request could leave for several seconds, because some are not answered, the leader
// stops sharing for the same reason. If no socket can be used, there is no sharing, and no
// error.
//
// The package sends nothing but requests to wait, times and limits: no rows, no
// credentials.
package peers

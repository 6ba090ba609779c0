package api

// TunedForTest is the transport that New makes.
var TunedForTest = tuned

package importing

import (
	"os"
	"runtime/debug"
	"runtime/metrics"
)

const (
	importGarbage = 400       // percentage of the live memory that may accumulate as garbage
	importMemory  = 100 << 20 // total size in bytes above which garbage is collected sooner
)

// tuneMemory adjusts the garbage collector to imports. Rows produce much garbage but keep
// little memory, so with the default setting a fifth of the time goes to collection.
func tuneMemory() {
	if memoryIsTuned() {
		return
	}
	debug.SetGCPercent(importGarbage)
	debug.SetMemoryLimit(importMemory)
}

// giveRoom is called after the file and the store were read. If that keeps much in
// memory, the collector needs headroom, or it would run all the time.
func giveRoom() {
	if memoryIsTuned() {
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	debug.SetMemoryLimit(memoryFor(int64(live[0].Value.Uint64())))
}

func memoryFor(live int64) int64 { return max(importMemory, live*3/2+importMemory/4) }

// memoryIsTuned reports whether the user has configured the garbage collector.
func memoryIsTuned() bool { return os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" }

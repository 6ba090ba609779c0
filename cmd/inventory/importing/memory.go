package importing

import (
	"os"
	"runtime/debug"
	"runtime/metrics"
)

const (
	importGarbage = 400       // percent of the live memory that may pile up before it is collected
	importMemory  = 100 << 20 // bytes from which on it is collected sooner
)

// tuneMemory suits the garbage collector to an import. A row leaves much garbage
// and little else, so that the collector's own setting spends a fifth of the
// time on it.
func tuneMemory() {
	if memoryIsTuned() {
		return
	}
	debug.SetGCPercent(importGarbage)
	debug.SetMemoryLimit(importMemory)
}

// giveRoom is due when the file was read and the store was asked: where much is
// kept of that from then on, the collector needs room above it, or would run
// without end.
func giveRoom() {
	if memoryIsTuned() {
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	debug.SetMemoryLimit(memoryFor(int64(live[0].Value.Uint64())))
}

func memoryFor(live int64) int64 { return max(importMemory, live*3/2+importMemory/4) }

// memoryIsTuned tells that the user has set how memory is collected.
func memoryIsTuned() bool { return os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" }

//go:build !linux

package check

import "time"

func limitMemory(uint64) {}

func cpuTime() time.Duration { return time.Since(start) }

var start = time.Now()

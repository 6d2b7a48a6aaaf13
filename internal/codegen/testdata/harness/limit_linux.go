package check

import (
	"fmt"
	"os"
	"syscall"
	"time"
)

// limitMemory lets the process map so many bytes more than it has mapped now.
func limitMemory(more uint64) {
	var pages uint64
	statm, err := os.ReadFile("/proc/self/statm")
	if err == nil {
		_, err = fmt.Sscan(string(statm), &pages)
	}
	limit := pages*uint64(os.Getpagesize()) + more
	if err == nil {
		err = syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: limit, Max: limit})
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// cpuTime returns what the process has computed so far. A clock would count what others do on a busy machine, too.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

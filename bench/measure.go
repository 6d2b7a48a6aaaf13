package main

import (
	"runtime"
	"slices"
	"syscall"
	"time"
)

// candidate is one codec doing one thing with one event.
type candidate struct {
	event, task, codec string
	// op does the thing n times.
	op func(n int)
	// check reports why the codec does not carry the event.
	check func() error
	// floor marks what no codec can go below.
	floor bool

	samples []measurement
}

func (c *candidate) String() string { return c.task + " " + c.event + ", " + c.codec }

// measurement is what one round took, per operation.
type measurement struct {
	cpu           float64 // nanoseconds
	bytes, allocs float64
}

// measure adds a measurement of about that length.
func (c *candidate) measure(length time.Duration) {
	n := 1
	for { // how many operations that is
		start := time.Now()
		c.op(n)
		if took := time.Since(start); took > length/10 {
			n = max(1, int(float64(n)*float64(length)/float64(took)))
			break
		}
		n *= 2
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := cpuTime()
	c.op(n)
	cpu := cpuTime() - start
	runtime.ReadMemStats(&after)
	c.samples = append(c.samples, measurement{
		cpu:    float64(cpu.Nanoseconds()) / float64(n),
		bytes:  float64(after.TotalAlloc-before.TotalAlloc) / float64(n),
		allocs: float64(after.Mallocs-before.Mallocs) / float64(n),
	})
}

// cpuTime returns the CPU time that this process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// median, least and most of the rounds' CPU times.
func (c *candidate) cpu() (median, least, most float64) {
	all := make([]float64, len(c.samples))
	for i, s := range c.samples {
		all[i] = s.cpu
	}
	slices.Sort(all)
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2, all[0], all[len(all)-1]
}

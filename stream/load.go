package stream

import (
	"context"
	"sync/atomic"
	"time"
)

// perRecord is how many bytes a record takes beside key and value.
const perRecord = 200

// patienceWithSlow is how long polling waits for room before partitions that do not move are paused, so that the others
// go on.
const patienceWithSlow = 100 * time.Millisecond

// load counts the bytes that are fetched and wait to be handled, but for those of paused partitions. Beyond the budget
// polling waits, and with it fetching: franz-go fetches no more than the next answer of each broker on its own.
type load struct {
	budget int64
	bytes  atomic.Int64
	room   chan struct{} // holds one token once there may be room again
}

func (l *load) add(n int) {
	if l.bytes.Add(int64(n)) <= l.budget && n < 0 {
		select {
		case l.room <- struct{}{}:
		default:
		}
	}
}

func (l *load) full() bool { return l.bytes.Load() > l.budget }

// makeRoom returns when there is room for another fetch. Partitions whose handlers hold it up are paused.
func (c *Consumer) makeRoom(ctx context.Context) {
	for c.load.full() && ctx.Err() == nil {
		timer := time.NewTimer(patienceWithSlow)
		select {
		case <-ctx.Done():
		case <-c.load.room:
		case <-timer.C:
			share := c.share()
			for _, w := range c.all() {
				w.pauseBeyond(share)
			}
		}
		timer.Stop()
	}
}

// share is how many bytes of a partition may wait when it holds others up.
func (c *Consumer) share() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return int(c.load.budget) / max(len(c.workers), 1)
}

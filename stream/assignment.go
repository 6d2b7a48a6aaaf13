package stream

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/avow-events/avow/internal/wire"
)

// assigned starts a worker for each partition that the group gave us.
func (c *Consumer) assigned(_ context.Context, client *kgo.Client, assigned map[string][]int32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, at := range partitions(assigned) {
		if c.workers[at] != nil {
			continue
		}
		w := newWorker(c, client, at, c.topics[at.topic])
		c.workers[at] = w
		go w.run() // release waits for it
		c.event(Assigned, at)
	}
}

// abandonAfter is how long a handler that ignores the end of its context is waited for.
const abandonAfter = 5 * time.Second

// release gives partitions up: their workers stop, the records in hand are brought to an end, and with commit, what
// was handled is committed. Without it the partitions are somebody else's already, and their handlers are told at
// once. The error names handlers that did not return.
func (c *Consumer) release(ctx context.Context, client *kgo.Client, workers []*worker, commit bool) error {
	for _, w := range workers {
		w.halt()
		if !commit {
			w.drop()
			w.disown()
		}
	}
	err := c.await(workers)
	if commit {
		c.commit(ctx, client, workers)
	}
	c.mu.Lock()
	for _, w := range workers {
		delete(c.workers, w.at)
	}
	c.mu.Unlock()
	for _, w := range workers {
		w.drop()
		w.disown()
		c.event(Revoked, w.at)
	}
	return err
}

// await waits until the workers are done. Handlers that take longer than the drain timeout are told by their context.
func (c *Consumer) await(workers []*worker) error {
	slow := unfinished(workers, c.cfg.drain)
	for _, w := range slow {
		w.drop()
	}
	var errs []error
	for _, w := range unfinished(slow, abandonAfter) {
		err := fmt.Errorf("stream: the handler of %s ignores the end of its context: its record will be handled again", w.at)
		c.log.Error(err.Error())
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// unfinished waits for the workers, for no longer than limit, and returns those that are not done by then.
func unfinished(workers []*worker, limit time.Duration) (left []*worker) {
	over := make(chan struct{})
	defer time.AfterFunc(limit, func() { close(over) }).Stop()
	for _, w := range workers {
		select {
		case <-w.done:
		case <-over:
			select {
			case <-w.done:
			default:
				left = append(left, w)
			}
		}
	}
	return left
}

// commitEvery commits what was handled, again and again.
func (c *Consumer) commitEvery(ctx context.Context, client *kgo.Client) {
	tick := time.NewTicker(c.cfg.commit)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			c.commit(ctx, client, c.all())
		}
	}
}

// commit commits the positions that have moved. A commit that fails is made up for by the next one, or repeats
// records: it is logged.
func (c *Consumer) commit(ctx context.Context, client *kgo.Client, workers []*worker) {
	c.commitMu.Lock()
	defer c.commitMu.Unlock()
	offsets := map[string]map[int32]kgo.EpochOffset{}
	for _, w := range workers {
		w.mu.Lock()
		if w.moved && !w.gone {
			if offsets[w.at.topic] == nil {
				offsets[w.at.topic] = map[int32]kgo.EpochOffset{}
			}
			offsets[w.at.topic][w.at.number] = w.position
			w.moved = false
		}
		w.mu.Unlock()
	}
	if len(offsets) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, goodbye)
	defer cancel()
	var failed error
	client.CommitOffsetsSync(ctx, offsets, func(_ *kgo.Client, _ *kmsg.OffsetCommitRequest, resp *kmsg.OffsetCommitResponse, err error) {
		failed = commitError(resp, err)
	})
	if failed == nil {
		return
	}
	for _, w := range workers {
		if _, ours := offsets[w.at.topic][w.at.number]; ours {
			w.mu.Lock()
			w.moved = true
			w.mu.Unlock()
		}
	}
	if !errors.Is(failed, context.Canceled) {
		c.log.Warn("commit failed, to be made up for by the next", "error", failed)
	}
}

func commitError(resp *kmsg.OffsetCommitResponse, err error) error {
	if err != nil || resp == nil {
		return err
	}
	for _, t := range resp.Topics {
		for _, p := range t.Partitions {
			if err := kerr.ErrorForCode(p.ErrorCode); err != nil {
				return fmt.Errorf("%s: %w", partition{t.Topic, p.Partition}, err)
			}
		}
	}
	return nil
}

// all returns the workers of the partitions that are ours.
func (c *Consumer) all() []*worker {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Collect(maps.Values(c.workers))
}

// of returns the workers of those of the partitions that are ours.
func (c *Consumer) of(given map[string][]int32) (workers []*worker) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, at := range partitions(given) {
		if w := c.workers[at]; w != nil {
			workers = append(workers, w)
		}
	}
	return workers
}

func partitions(m map[string][]int32) (out []partition) {
	for topic, numbers := range m {
		for _, n := range numbers {
			out = append(out, partition{topic, n})
		}
	}
	return out
}

// String returns topic/partition.
func (p partition) String() string { return fmt.Sprintf("%s/%d", p.topic, p.number) }

// record returns topic/partition@offset.
func (p partition) record(offset int64) string { return fmt.Sprintf("%s@%d", p, offset) }

// nameOf returns what a record says of its schema, nothing where it says nothing.
func nameOf(ref wire.Ref) string {
	if ref == (wire.Ref{}) {
		return ""
	}
	return ref.String()
}

func (c *Consumer) event(kind EventKind, at partition) {
	if c.cfg.observe != nil {
		c.cfg.observe(Event{Kind: kind, Topic: at.topic, Partition: at.number})
	}
}

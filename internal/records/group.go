package records

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/internal/kafka"
)

// assignment is which partitions a member of a group has. The client's goroutines write it.
type assignment struct {
	mu         sync.Mutex
	partitions map[int32]bool // nil until the first assignment
}

func (a *assignment) add(topic string) func(context.Context, *kgo.Client, map[string][]int32) {
	return func(_ context.Context, _ *kgo.Client, added map[string][]int32) {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.partitions == nil {
			a.partitions = map[int32]bool{}
		}
		for _, p := range added[topic] {
			a.partitions[p] = true
		}
	}
}

func (a *assignment) remove(topic string) func(context.Context, *kgo.Client, map[string][]int32) {
	return func(_ context.Context, _ *kgo.Client, removed map[string][]int32) {
		a.mu.Lock()
		defer a.mu.Unlock()
		for _, p := range removed[topic] {
			delete(a.partitions, p)
		}
	}
}

// finished reports whether every assigned partition is read to its end.
func (a *assignment) finished(position map[int32]int64, todo map[int32]span) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for p := range a.partitions {
		if position[p] < todo[p].end {
			return false
		}
	}
	return a.partitions != nil
}

// readGroup reads as a member of a group. asking is a client that knows the brokers.
func readGroup(ctx context.Context, asking *kgo.Client, to kafka.Connection, topic string, r Range, todo map[int32]span, fn func(*Record) error) error {
	var numbers []int32
	for p := range todo {
		numbers = append(numbers, p)
	}
	position, err := committedOffsets(ctx, asking, r.Group, topic, numbers)
	if err != nil {
		return err
	}
	for p, span := range todo {
		if _, ok := position[p]; !ok {
			position[p] = span.start
		}
	}
	var assigned assignment
	member, err := connect(ctx, to,
		kgo.ConsumerGroup(r.Group),
		kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(r.From.offsetOf()),
		kgo.AutoCommitMarks(),
		kgo.AutoCommitInterval(time.Second),
		kgo.BlockRebalanceOnPoll(),
		kgo.OnPartitionsAssigned(assigned.add(topic)),
		kgo.OnPartitionsRevoked(assigned.remove(topic)),
		kgo.OnPartitionsLost(assigned.remove(topic)),
	)
	if err != nil {
		return err
	}
	defer member.CloseAllowingRebalance()
	err = readMember(ctx, member, r, &assigned, position, todo, fn)

	// The records handled so far count, however reading them ended.
	leave, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
	defer cancel()
	return errors.Join(err, member.CommitMarkedOffsets(leave))
}

// goodbye bounds the last commit: brokers that do not answer must not keep a program from ending.
const goodbye = 5 * time.Second

func readMember(ctx context.Context, member *kgo.Client, r Range, assigned *assignment, position map[int32]int64, todo map[int32]span, fn func(*Record) error) error {
	for !r.UntilEnd || !assigned.finished(position, todo) {
		// A group that stands at the end gets nothing but an assignment, so it is looked for now and then.
		bounded, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		fetches, err := poll(bounded, member)
		cancel()
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		for it := fetches.RecordIter(); !it.Done(); {
			record := it.Next()
			if !record.Attrs.IsControl() {
				if err := fn(record); err != nil {
					return err
				}
			}
			member.MarkCommitRecords(record)
			position[record.Partition] = record.Offset + 1
		}
		member.AllowRebalance()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

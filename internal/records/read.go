package records

import (
	"context"
	"errors"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Range is a stretch of a topic. The zero Range is everything there is and everything that comes.
type Range struct {
	// From is where to begin; with a Group, where to begin in partitions in which it has committed nothing.
	From Position
	// UntilEnd stops at what is the end now; else Read goes on until its context ends.
	UntilEnd bool
	// Last leaves only this many records, the newest of all partitions, in the order of their timestamps, and stops at
	// the end; 0 leaves all. It needs as much memory as that many records of each partition.
	Last int
	// Group makes Read a member of a consumer group, which shares the partitions with the others and goes on where the
	// group stands. A record counts as read when fn has returned nil for it. It excludes Last.
	Group string
	// Away is called, from another goroutine, when brokers that have answered cannot be reached any more: once until
	// one answers again. It may be nil.
	Away func(error)
}

// Read calls fn for every record of a range, and returns when the range is finished, when ctx ends (with nil) or with
// the error of fn. Records of aborted transactions are left out. The records of a partition come in their order.
//
// A broker that is down or a topic that does not exist is an error at the start; brokers that go away later are waited
// for.
func Read(ctx context.Context, brokers []string, topic string, r Range, fn func(*Record) error) error {
	if r.Group != "" && r.Last > 0 {
		return errors.New("the last records are the topic's, not a group's: give no group")
	}
	gone := &away{ctx: ctx, tell: r.Away}
	client, err := connect(ctx, brokers, kgo.WithHooks(gone))
	if err != nil {
		return err
	}
	defer client.Close()
	gone.armed.Store(true)
	numbers, err := partitions(ctx, client, topic, false)
	if err != nil {
		return err
	}
	todo, err := spans(ctx, client, topic, numbers, r.From)
	if err != nil {
		return err
	}
	direct := &stretch{client: client, topic: topic, todo: todo, untilEnd: r.UntilEnd}
	switch {
	case r.Group != "":
		err = readGroup(ctx, client, brokers, topic, r, todo, fn)
	case r.Last > 0:
		err = direct.last(ctx, r.Last, fn)
	default:
		err = direct.read(ctx, fn)
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

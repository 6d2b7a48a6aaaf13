package records

import (
	"context"
	"errors"
	"sync"

	"github.com/avow-events/avow/internal/kafka"
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
	// Away is called, from another goroutine, within seconds when no broker can be reached any more or a partition has lost
	// its leader: once until all is well again. It may be nil.
	Away func(error)
}

// Read calls fn for every record of a range, and returns when the range is finished, when ctx ends (with nil) or with
// the error of fn. Records of aborted transactions are left out. The records of a partition come in their order.
//
// A broker that is down or a topic that does not exist is an error at the start; brokers that go away later are waited
// for.
func Read(ctx context.Context, to kafka.Connection, topic string, r Range, fn func(*Record) error) error {
	if r.Group != "" && r.Last > 0 {
		return errors.New("the last records are the topic's, not a group's: give no group")
	}
	client, err := connect(ctx, to)
	if err != nil {
		return err
	}
	defer client.Close()
	numbers, err := partitions(ctx, client, topic, false)
	if err != nil {
		return err
	}
	todo, err := spans(ctx, client, topic, numbers, r.From)
	if err != nil {
		return err
	}
	if r.Away != nil {
		reading, done := context.WithCancel(ctx)
		var watching sync.WaitGroup
		watching.Go(func() { watch(reading, client, topic, r.Away) })
		defer watching.Wait()
		defer done()
	}
	direct := &stretch{client: client, topic: topic, todo: todo, untilEnd: r.UntilEnd}
	switch {
	case r.Group != "":
		err = readGroup(ctx, client, to, topic, r, todo, fn)
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

package stream

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// connection is a client that producers send through. Several may share it; the last one to leave closes it.
type connection struct {
	client   *kgo.Client
	patience patience
	mu       sync.Mutex
	users    int
}

// sharer is a *[Producer] or a *[KeyedProducer] of any type.
type sharer interface{ connection() *connection }

func (c *connection) join() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.users == 0 {
		return false
	}
	c.users++
	return true
}

// leave reports whether the caller was the last one.
func (c *connection) leave() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.users--
	return c.users == 0
}

// ErrDeliveryTimeout is a delivery that was not acknowledged in time ([DeliveryTimeout]). The record may be there all
// the same, if its acknowledgement got lost.
var ErrDeliveryTimeout = errors.New("stream: not acknowledged within the delivery timeout")

// send has a record delivered and done called when that is settled. Nothing but franz-go touches the record any more.
func (c *connection) send(ctx context.Context, r *kgo.Record, done func(error)) {
	now := time.Now()
	if r.Timestamp.IsZero() {
		r.Timestamp = now
	}
	journey := c.patience.journey(ctx, now)
	r.Context = journey
	if done == nil {
		c.client.Produce(ctx, r, nil)
		return
	}
	d := &delivery{caller: ctx, done: done, window: journey.window}
	d.window.add(d)
	c.client.Produce(ctx, r, d.settle)
}

// delivery is one that somebody waits for. It is settled by franz-go or by the end of its time, whichever comes first:
// franz-go does not give a record up that brokers may have, for as long as they are away.
type delivery struct {
	caller     context.Context
	done       func(error)
	window     *window
	prev, next *delivery // in window
	out        bool      // of window
}

func (d *delivery) settle(_ *kgo.Record, err error) {
	if !d.window.remove(d) {
		return // its time was over
	}
	if errors.Is(err, context.DeadlineExceeded) && d.caller.Err() == nil {
		err = ErrDeliveryTimeout
	}
	d.done(err)
}

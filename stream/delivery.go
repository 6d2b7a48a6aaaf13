package stream

import (
	"context"
	"errors"
	"sync"

	"github.com/twmb/franz-go/pkg/kgo"
)

// delivery is a record on its way, with the memory that it stands in. franz-go reads a record's key and value until it
// calls the promise, and never after: only then may the buffer serve the next record.
type delivery struct {
	record  kgo.Record
	buf     []byte
	caller  context.Context
	done    func(error)
	promise func(*kgo.Record, error) // settle, made once
	pool    *sync.Pool
}

// ErrDeliveryTimeout is a delivery that was not acknowledged in time ([DeliveryTimeout]). The record may be there all
// the same, if its acknowledgement got lost.
var ErrDeliveryTimeout = errors.New("stream: not acknowledged within the delivery timeout")

// maxPooled is the largest buffer that is kept. One huge record must not hold its memory for ever.
const maxPooled = 64 << 10

func newDelivery(pool *sync.Pool) *delivery {
	d := &delivery{pool: pool, buf: make([]byte, 0, 512)}
	d.promise = d.settle
	return d
}

func (d *delivery) send(ctx context.Context, conn *connection, r kgo.Record, done func(error)) {
	r.Context = journey{ctx, conn.patience.window()}
	d.record, d.caller, d.done = r, ctx, done
	conn.client.Produce(ctx, &d.record, d.promise)
}

func (d *delivery) settle(_ *kgo.Record, err error) {
	done := d.done
	if errors.Is(err, context.DeadlineExceeded) && d.caller.Err() == nil {
		err = ErrDeliveryTimeout
	}
	d.record, d.caller, d.done = kgo.Record{}, nil, nil
	if cap(d.buf) <= maxPooled {
		d.pool.Put(d)
	}
	if done != nil {
		done(err)
	}
}

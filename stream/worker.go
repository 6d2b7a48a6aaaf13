package stream

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/internal/wire"
)

// worker handles the records of one partition, one after the other.
type worker struct {
	consumer *Consumer
	client   *kgo.Client
	at       partition
	dispatch *dispatcher

	// life ends when the partition is to be given up: no further record is begun, and no wait is continued.
	life context.Context
	halt context.CancelFunc
	// hands is the handlers' context: it ends later, when the record in hand has had its time.
	hands context.Context
	drop  context.CancelFunc
	done  chan struct{}

	in, inKey incoming // the record in hand, and its key

	// last is the schema of the record before, which is nearly always that of the next.
	last       wire.Ref
	lastTarget *target

	mu       sync.Mutex
	queue    [][]*kgo.Record
	waiting  int // bytes in queue and in hand
	paused   bool
	wake     chan struct{} // holds one token while queue may have grown
	position kgo.EpochOffset
	moved    bool // position is not committed yet
	gone     bool // the partition may be somebody else's: commit nothing more
}

// partition is a partition of a topic.
type partition struct {
	topic  string
	number int32
}

func newWorker(c *Consumer, client *kgo.Client, at partition, d *dispatcher) *worker {
	w := &worker{consumer: c, client: client, at: at, dispatch: d, done: make(chan struct{}), wake: make(chan struct{}, 1)}
	w.life, w.halt = context.WithCancel(context.Background())
	w.hands, w.drop = context.WithCancel(c.handlers)
	return w
}

// run handles records until the partition is given up or one of them stops the consumer.
func (w *worker) run() {
	defer close(w.done)
	for {
		records := w.take()
		if records == nil {
			return
		}
		for _, r := range records {
			if w.life.Err() != nil || !w.handle(r) {
				return
			}
			w.mu.Lock()
			w.position, w.moved = kgo.EpochOffset{Epoch: r.LeaderEpoch, Offset: r.Offset + 1}, true
			w.mu.Unlock()
		}
		w.finish(records)
	}
}

// handle brings one record to an end: handled, passed over or dead-lettered. It returns false where the record is left
// to whoever gets the partition next.
func (w *worker) handle(r *kgo.Record) bool {
	in := &w.in
	in.record = r
	for attempt := 1; ; attempt++ {
		in.attempt = attempt
		began := w.consumer.clock()
		target, ref, err := w.attempt(in)
		if err == nil {
			w.observe(Handled, r, attempt, began, nil)
			return true
		}
		if w.life.Err() != nil && target == nil {
			return false // given up while waiting for the schema
		}
		if target != nil && target.skip {
			w.observe(Skipped, r, attempt, began, nil)
			return true
		}
		w.observe(Failed, r, attempt, began, err)
		policy := w.dispatch.policy(target)
		if failed := verdict(err, attempt, policy); failed != nil {
			failed.Topic, failed.Partition, failed.Offset, failed.Schema = r.Topic, r.Partition, r.Offset, nameOf(ref)
			return w.settle(r, failed, policy)
		}
		w.consumer.log.Warn("handler failed, the record is tried again", "record", w.at.record(r.Offset), "attempt", attempt, "error", err)
		sleep(w.life, pause(policy, attempt))
		if w.life.Err() != nil {
			return false
		}
	}
}

// attempt decodes the record and calls its handler. Without a target a schema of the record is not known.
func (w *worker) attempt(in *incoming) (*target, wire.Ref, error) {
	t, ref, err := w.read(in)
	if err == nil && t.err == nil && t.route.keys != nil {
		if err = w.readKey(in, t.route.keys); w.life.Err() != nil && err != nil {
			return nil, ref, err
		}
	}
	if err != nil {
		return t, ref, err
	}
	return t, ref, w.call(t, in)
}

// read finds out where the record goes, and takes the framing off its value.
func (w *worker) read(in *incoming) (*target, wire.Ref, error) {
	if in.record.Value == nil {
		in.payload, in.id = nil, 0
		return w.dispatch.tombstone(), wire.Ref{}, nil
	}
	ref, payload, err := unframe(in.record)
	if err != nil {
		return &target{}, wire.Ref{}, &failure{Undecodable, err}
	}
	t, err := w.target(ref)
	if err != nil {
		return nil, ref, err
	}
	in.payload, in.id = payload, t.id
	return t, ref, nil
}

// readKey decodes the record's key into in.
func (w *worker) readKey(in *incoming, keys *dispatcher) error {
	ref, payload, err := unframeKey(in.record)
	if err != nil {
		return &failure{Undecodable, fmt.Errorf("key: %w", err)}
	}
	t, err := keys.find(w.life, ref, w.waits)
	if err != nil {
		return err
	}
	w.inKey.payload = payload
	if t.err != nil {
		err = t.err.err
	} else {
		err = t.runner.run(w.life, &w.inKey)
	}
	if err != nil {
		return &failure{Undecodable, fmt.Errorf("key: %v: %w", ref, err)}
	}
	in.key = w.inKey.key
	return nil
}

// target returns where records of the schema go.
func (w *worker) target(ref wire.Ref) (*target, error) {
	if w.lastTarget != nil && ref == w.last {
		return w.lastTarget, nil
	}
	t, err := w.dispatch.find(w.life, ref, w.waits)
	if err == nil && t.err == nil { // or it may be better next time
		w.last, w.lastTarget = ref, t
	}
	return t, err
}

func (w *worker) call(t *target, in *incoming) error {
	if t.err != nil {
		return t.err
	}
	return t.runner.run(w.hands, in)
}

// verdict returns what is wrong with a record for good, nil where its handler is to be called again.
func verdict(err error, attempt int, p *policy) *RecordError {
	var f *failure
	switch {
	case errors.As(err, &f):
		return &RecordError{Reason: f.reason, Err: f.err}
	case isPermanent(err) || p.retries >= 0 && attempt > p.retries:
		return &RecordError{Reason: HandlerFailed, Attempts: attempt, Err: err}
	}
	return nil
}

// pause returns how long to wait after an attempt: doubling, shortened at random by up to a half.
func pause(p *policy, attempt int) time.Duration {
	d := p.firstPause
	for range attempt - 1 {
		if d >= p.maxPause/2 {
			d = p.maxPause
			break
		}
		d *= 2
	}
	return d - rand.N(d/2+1)
}

// settle brings a record to an end that cannot be handled: as a dead letter, or by stopping the consumer.
func (w *worker) settle(r *kgo.Record, failed *RecordError, p *policy) bool {
	if w.hands.Err() != nil {
		return false // the handler failed because its time was over
	}
	if p.deadLetter == "" {
		w.consumer.fail(failed, "it and what follows it in its partition is left uncommitted; "+
			"give stream.DeadLetter to put such records aside")
		return false
	}
	if err := w.bury(r, failed, p.deadLetter); err != nil {
		if w.hands.Err() == nil {
			w.consumer.fail(failed, "and the dead-letter topic "+p.deadLetter+" does not take it: "+err.Error())
		}
		return false
	}
	w.consumer.log.Warn("record went to the dead-letter topic", "record", w.at.record(r.Offset), "topic", p.deadLetter, "reason", failed.Reason, "error", failed.Err)
	w.observe(DeadLettered, r, failed.Attempts, time.Time{}, failed)
	return true
}

// waits says that the registry does not answer.
func (w *worker) waits(err error) {
	w.consumer.log.Warn("partition waits for the registry", "topic", w.at.topic, "partition", w.at.number, "error", err)
	if observe := w.consumer.cfg.observe; observe != nil {
		observe(Event{Kind: Waiting, Topic: w.at.topic, Partition: w.at.number, Err: err})
	}
}

func (w *worker) observe(kind EventKind, r *kgo.Record, attempt int, began time.Time, err error) {
	observe := w.consumer.cfg.observe
	if observe == nil {
		return
	}
	e := Event{Kind: kind, Topic: r.Topic, Partition: r.Partition, Offset: r.Offset, Attempt: attempt, Err: err}
	if !began.IsZero() {
		e.Took = time.Since(began)
	}
	observe(e)
}

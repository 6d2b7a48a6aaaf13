package stream

import (
	"context"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// patience hands out the time within which records have to be delivered. franz-go has an option for it, but counts
// from the record's timestamp: an event that carries an old one, because it is forwarded or imported, would have
// failed before it was sent.
//
// Records that are produced within a second share one deadline, which is a second later for the first of them.
type patience struct {
	timeout time.Duration
	current atomic.Pointer[window]
}

// window is the deadline of the records of one second.
type window struct {
	opened time.Time
	until  time.Time
	over   chan struct{} // closed at until
	last   atomic.Pointer[journey]

	mu      sync.Mutex
	waiting *delivery // the first of a list
}

// add remembers a delivery until it is settled.
func (w *window) add(d *delivery) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if d.next = w.waiting; d.next != nil {
		d.next.prev = d
	}
	w.waiting = d
}

// remove forgets a delivery, and reports whether it was remembered still.
func (w *window) remove(d *delivery) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if d.out {
		return false
	}
	d.out = true
	if d.next != nil {
		d.next.prev = d.prev
	}
	if d.prev != nil {
		d.prev.next = d.next
	} else {
		w.waiting = d.next
	}
	return true
}

// end settles what is not settled yet, in the order in which it was produced.
func (w *window) end() {
	close(w.over)
	w.mu.Lock()
	var late []*delivery
	for d := w.waiting; d != nil; d = d.next {
		d.out = true
		late = append(late, d)
	}
	w.waiting = nil
	w.mu.Unlock()
	for _, d := range slices.Backward(late) {
		if err := d.caller.Err(); err != nil { // its time was over before
			d.done(err)
			continue
		}
		d.done(ErrDeliveryTimeout)
	}
}

// journey returns the context for a record that is produced now.
func (p *patience) journey(caller context.Context, now time.Time) *journey {
	w := p.window(now)
	if j := w.last.Load(); j != nil && j.caller == caller {
		return j
	}
	j := &journey{caller, w}
	if reflect.TypeOf(caller).Kind() == reflect.Pointer { // others may not be comparable
		w.last.Store(j)
	}
	return j
}

func (p *patience) window(now time.Time) *window {
	w := p.current.Load()
	if w != nil && now.Sub(w.opened) < time.Second {
		return w
	}
	next := &window{opened: now, until: now.Add(p.timeout + time.Second), over: make(chan struct{})}
	if !p.current.CompareAndSwap(w, next) {
		return p.current.Load()
	}
	time.AfterFunc(next.until.Sub(now), next.end)
	return next
}

// journey is the context of a record on its way: it has the caller's values, for tracing, and ends with the window.
// When the caller's context ends is asked of that itself.
type journey struct {
	caller context.Context
	window *window
}

func (j *journey) Deadline() (time.Time, bool) { return j.window.until, true }
func (j *journey) Done() <-chan struct{}       { return j.window.over }
func (j *journey) Value(key any) any           { return j.caller.Value(key) }

func (j *journey) Err() error {
	select {
	case <-j.window.over:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

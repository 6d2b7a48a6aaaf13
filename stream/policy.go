package stream

import "time"

// policy says what happens to a record that cannot be handled, and to one that no handler is for.
type policy struct {
	retries        int // -1: for ever
	firstPause     time.Duration
	maxPause       time.Duration
	deadLetter     string
	tombstones     bool
	skipTombstones bool
	skipOthers     bool
}

func defaultPolicy() policy {
	return policy{retries: -1, firstPause: 100 * time.Millisecond, maxPause: 30 * time.Second}
}

// PolicyOption is for all handlers of a consumer, or for one.
type PolicyOption interface {
	ConsumerOption
	HandlerOption
}

type policyOption func(*policy)

func (o policyOption) applyConsumer(c *consumerConfig) { o(&c.policy) }
func (o policyOption) applyHandler(p *policy)          { o(p) }

// DeadLetter sends what cannot be handled to a topic, and goes on. That is a record that cannot be decoded, one whose
// handler failed as often as [Retries] allows, and one whose handler returned a [Permanent] error. It goes there as it
// came, key, value and headers, with headers that tell the reason (see [HeaderReason]), and is acknowledged by all
// replicas before its offset counts as handled. Where it cannot be written the consumer stops.
//
// Without it the consumer stops at such a record, and nothing past it is committed.
//
// Records that no handler of a topic in particular is concerned with go by the options of its first handler.
func DeadLetter(topic string) PolicyOption {
	return policyOption(func(p *policy) { p.deadLetter = topic })
}

// Retries bounds how often a record is handed to its handler again after an error. The default is no bound: the
// partition waits until the handler succeeds, because whatever it needs will be back, and order is kept.
func Retries(n int) PolicyOption {
	return policyOption(func(p *policy) { p.retries = max(n, 0) })
}

// Backoff sets the pause before the first retry and the longest one; pauses double in between. The default is 100 ms
// to 30 s. Pauses are shortened at random by up to a half, and are a millisecond at least.
func Backoff(first, longest time.Duration) PolicyOption {
	return policyOption(func(p *policy) {
		p.firstPause = max(first, time.Millisecond)
		p.maxPause = max(longest, p.firstPause)
	})
}

// Tombstones hands tombstones to the handler: messages with a key and a nil Value, which say that the key was deleted.
// One handler of a topic at most may take them. A tombstone that nobody takes is treated as a record that cannot be
// decoded, because a deletion is nothing to overlook.
func Tombstones() HandlerOption { return policyOption(func(p *policy) { p.tombstones = true }) }

// SkipTombstones passes over the tombstones of the handler's topic.
func SkipTombstones() HandlerOption { return policyOption(func(p *policy) { p.skipTombstones = true }) }

// SkipOthers passes over records of the handler's topic whose type no handler is for. The default is to treat them as
// records that cannot be decoded, because a handler may have been forgotten.
func SkipOthers() HandlerOption { return policyOption(func(p *policy) { p.skipOthers = true }) }

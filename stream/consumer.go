package stream

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Consumer is a member of a consumer group. It runs once.
type Consumer struct {
	group  string
	cfg    consumerConfig
	log    *slog.Logger
	topics map[string]*dispatcher
	wrong  error // what is wrong with the handlers
	ran    atomic.Bool

	end      context.CancelFunc // ends Run
	handlers context.Context    // from which the handlers' contexts come; does not end with Run's

	mu      sync.Mutex
	workers map[partition]*worker
	load    *load
	failed  error // why Run ended before its context

	commitMu sync.Mutex // one commit at a time, so that none goes back behind another
}

// NewConsumer makes a member of the group, which [Handle] gives something to do and [Consumer.Run] starts. Nothing is
// connected yet.
func NewConsumer(group string, opts ...ConsumerOption) (*Consumer, error) {
	if group == "" {
		return nil, errors.New("stream: a consumer needs the name of its group")
	}
	c := &Consumer{
		group: group, topics: map[string]*dispatcher{}, workers: map[partition]*worker{},
		cfg: consumerConfig{policy: defaultPolicy(), drain: 20 * time.Second, commit: time.Second, buffer: 128 << 20},
	}
	for _, opt := range opts {
		opt.applyConsumer(&c.cfg)
	}
	if err := c.cfg.check(); err != nil {
		return nil, err
	}
	if c.cfg.drain <= 0 || c.cfg.commit <= 0 || c.cfg.buffer <= 0 {
		return nil, fmt.Errorf("stream: drain timeout %v, commit interval %v, buffer of %d bytes: want more than 0",
			c.cfg.drain, c.cfg.commit, c.cfg.buffer)
	}
	c.load = &load{budget: c.cfg.buffer, room: make(chan struct{}, 1)}
	if c.log = c.cfg.log; c.log == nil {
		c.log = slog.Default()
	}
	c.log = c.log.With("group", group)
	return c, nil
}

// add registers a handler.
func (c *Consumer) add(topic string, r *route) {
	d := c.topics[topic]
	if d == nil {
		d = newDispatcher(topic, c.cfg.registry)
		c.topics[topic] = d
	}
	for _, other := range d.routes {
		if other.schema.FullName() == r.schema.FullName() {
			c.wrong = errors.Join(c.wrong, fmt.Errorf("stream: topic %s has two handlers for %s", topic, r.schema.FullName()))
		}
		if other.policy.tombstones && r.policy.tombstones {
			c.wrong = errors.Join(c.wrong, fmt.Errorf("stream: topic %s has two handlers for tombstones: %s and %s", topic, other.schema.FullName(), r.schema.FullName()))
		}
	}
	d.routes = append(d.routes, r)
}

// Run joins the group and handles records until ctx ends or a record stops the consumer. Then the records in hand are
// brought to an end, for as long as [DrainTimeout] says, their offsets are committed and the group is left.
//
// It returns nil where ctx ended and all went well. The error is a [*RecordError] where a record stopped it, and
// otherwise says what is wrong with brokers, topics or group.
func (c *Consumer) Run(ctx context.Context) error {
	switch {
	case c.wrong != nil:
		return c.wrong
	case len(c.topics) == 0:
		return errors.New("stream: nothing to consume: add handlers with stream.Handle before Run")
	case c.ran.Swap(true):
		return errors.New("stream: a consumer runs once: make another")
	}
	letters, err := c.deadLetters()
	if err != nil {
		return err
	}
	run, end := context.WithCancel(ctx)
	defer end()
	c.end, c.handlers = end, context.WithoutCancel(ctx)

	life, die := context.WithCancel(c.handlers)
	defer die()
	client, err := c.cfg.connect(ctx, append(c.sources(), letters...), append(c.kafkaOptions(), kgo.WithContext(life))...)
	if err != nil && ctx.Err() != nil {
		return nil // told to stop before it had begun
	}
	if err != nil {
		return err
	}
	var commits sync.WaitGroup
	commits.Go(func() { c.commitEvery(run, client) })
	c.poll(run, client)
	end()
	commits.Wait()

	drained := c.release(c.handlers, client, c.all(), true)
	c.leave(client)
	die() // or Close waits for a rebalance to end, which can take a minute
	client.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	return errors.Join(c.failed, drained)
}

// leave leaves the group, for as long as that is worth waiting for.
func (c *Consumer) leave(client *kgo.Client) {
	client.AllowRebalance()
	ctx, cancel := context.WithTimeout(c.handlers, goodbye/2)
	defer cancel()
	err := client.LeaveGroupContext(ctx)
	if err != nil {
		err = c.leaveNow(client)
	}
	if err != nil {
		c.log.Warn("the group could not be left, it will miss this member in a while", "error", err)
	}
}

// leaveNow tells the group that this member is gone. franz-go does so only after a rebalance that has begun, and that may
// wait for a member that was killed; the others would then wait for this one too.
func (c *Consumer) leaveNow(client *kgo.Client) error {
	ctx, cancel := context.WithTimeout(c.handlers, goodbye)
	defer cancel()
	member := kmsg.NewLeaveGroupRequestMember()
	member.MemberID, _ = client.GroupMetadata()
	if member.MemberID == "" {
		return nil
	}
	req := kmsg.NewPtrLeaveGroupRequest()
	req.Group, req.MemberID, req.Members = c.group, member.MemberID, append(req.Members, member)
	resp, err := req.RequestWith(ctx, client)
	if err != nil {
		return err
	}
	return kerr.ErrorForCode(resp.ErrorCode)
}

// goodbye bounds the last commit, and leaving the group: brokers that do not answer must not keep a program from
// ending.
const goodbye = 5 * time.Second

// sources returns the topics that are consumed.
func (c *Consumer) sources() []string { return slices.Sorted(maps.Keys(c.topics)) }

// deadLetters returns the dead-letter topics.
func (c *Consumer) deadLetters() (topics []string, err error) {
	for _, d := range c.topics {
		for _, r := range d.routes {
			topic := r.policy.deadLetter
			if c.topics[topic] != nil {
				return nil, fmt.Errorf("stream: topic %s is the dead-letter topic of %s and consumed by the same group: its letters would come back for ever", topic, d.topic)
			}
			if topic != "" && !slices.Contains(topics, topic) {
				topics = append(topics, topic)
			}
		}
	}
	return topics, nil
}

// stop ends Run with an error. The first one counts.
func (c *Consumer) stop(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed == nil {
		c.failed = err
	}
	c.end()
}

func (c *Consumer) kafkaOptions() []kgo.Opt {
	start, reset := kgo.NewOffset().AtStart(), kgo.NewOffset().AtStart()
	if c.cfg.atEnd {
		start, reset = kgo.NewOffset().AtEnd(), kgo.RewindOffset(time.Minute)
	}
	return []kgo.Opt{
		kgo.ConsumerGroup(c.group),
		kgo.ConsumeTopics(c.sources()...),
		kgo.ConsumeStartOffset(start),
		kgo.ConsumeResetOffset(reset),
		// As in Java. franz-go's 5 s is how long a partition that comes late (given by a rebalance, resumed) may have to
		// wait for the answer to a fetch of the others.
		kgo.FetchMaxWait(500 * time.Millisecond),
		// What a producer took back by aborting its transaction never happened.
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.DisableAutoCommit(),
		kgo.BlockRebalanceOnPoll(),
		kgo.OnPartitionsAssigned(c.assigned),
		kgo.OnPartitionsRevoked(func(ctx context.Context, client *kgo.Client, lost map[string][]int32) {
			c.release(ctx, client, c.of(lost), true)
		}),
		kgo.OnPartitionsLost(func(ctx context.Context, client *kgo.Client, lost map[string][]int32) {
			c.release(ctx, client, c.of(lost), false)
		}),
		// For dead letters.
		kgo.RequiredAcks(kgo.AllISRAcks()),
		kgo.RecordDeliveryTimeout(30 * time.Second),
		kgo.ProducerLinger(0),
	}
}

// poll hands what is fetched to the workers. Between a poll and AllowRebalance no partition can be taken away, so
// every record finds its worker.
func (c *Consumer) poll(ctx context.Context, client *kgo.Client) {
	for {
		c.makeRoom(ctx)
		fetches := client.PollFetches(ctx)
		if fetches.IsClientClosed() || ctx.Err() != nil {
			client.AllowRebalance()
			return
		}
		failed := false
		fetches.EachError(func(topic string, number int32, err error) {
			failed = true
			c.fetchFailed(topic, number, err)
		})
		fetches.EachPartition(func(p kgo.FetchTopicPartition) {
			if len(p.Records) > 0 {
				c.push(partition{p.Topic, p.Partition}, p.Records)
			}
		})
		client.AllowRebalance()
		if failed && fetches.Empty() {
			sleep(ctx, 250*time.Millisecond)
		}
	}
}

func (c *Consumer) push(at partition, records []*kgo.Record) {
	c.mu.Lock()
	w := c.workers[at]
	c.mu.Unlock()
	if w == nil {
		c.stop(fmt.Errorf("stream: fetched %d records of %s, which is not assigned", len(records), at))
		return
	}
	w.push(records)
}

// fetchFailed stops the consumer for an error that waiting does not mend. franz-go retries all others by itself.
func (c *Consumer) fetchFailed(topic string, number int32, err error) {
	for _, fatal := range []error{
		kerr.TopicAuthorizationFailed, kerr.GroupAuthorizationFailed, kerr.ClusterAuthorizationFailed,
		kerr.SaslAuthenticationFailed, kerr.InvalidGroupID, kerr.FencedInstanceID,
	} {
		if errors.Is(err, fatal) {
			c.stop(fmt.Errorf("stream: consume %s as group %s: %w", topic, c.group, err))
			return
		}
	}
	if errors.Is(err, kerr.UnknownTopicID) {
		c.stop(fmt.Errorf("stream: topic %s was deleted and created anew: start the consumer again to read the new one: %w", topic, err))
		return
	}
	c.log.Warn("fetch failed", "topic", topic, "partition", number, "error", err)
}

// fail stops the consumer because of a record.
func (c *Consumer) fail(failed *RecordError, consequence string) {
	c.stop(fmt.Errorf("stream: %w (%s)", failed, consequence))
}

// clock returns the time for observers, and none without one.
func (c *Consumer) clock() time.Time {
	if c.cfg.observe == nil {
		return time.Time{}
	}
	return time.Now()
}

package stream_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/avow-events/avow/stream"
)

// A member that the group has given up on commits nothing more: what it had in hand is handled again, by whoever has
// the partition now. Its handler is told by its context.
func TestPartitionsAreLost(t *testing.T) {
	w := newWorld(t)
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, "orders"), kfake.DataDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	w.options[0] = stream.Brokers(cluster.ListenAddrs()...)
	send(w, producer[order](w, "orders"), 0, 10, 1)

	var expelled, commits atomic.Bool
	cluster.ControlKey(int16(kmsg.Heartbeat), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		if !expelled.Load() {
			return nil, nil, false
		}
		resp := req.ResponseKind().(*kmsg.HeartbeatResponse)
		resp.ErrorCode = kerr.UnknownMemberID.Code
		return resp, nil, true
	})
	cluster.ControlKey(int16(kmsg.OffsetCommit), func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		commits.Store(true)
		return nil, nil, false
	})

	s := newSeen()
	inHand := make(chan struct{})
	var told atomic.Bool
	var revoked atomic.Int32
	c, err := stream.NewConsumer("g", w.consumerOptions(
		stream.CommitInterval(time.Hour), stream.DrainTimeout(10*time.Second), stream.KafkaOptions(kgo.HeartbeatInterval(20*time.Millisecond)),
		stream.Observe(func(e stream.Event) {
			if e.Kind == stream.Revoked {
				revoked.Add(1)
				expelled.Store(false)
			}
		}),
	)...)
	if err != nil {
		t.Fatal(err)
	}
	stream.Handle(c, "orders", func(ctx context.Context, m stream.Message[order]) error {
		if m.Offset == 5 && !told.Load() {
			close(inHand)
			<-ctx.Done() // long before the drain timeout
			told.Store(true)
			return ctx.Err()
		}
		s.add(m)
		return nil
	})
	r := run(t, c)
	<-inHand
	expelled.Store(true)
	eventually(t, "all orders are handled", func() bool { return s.distinct() == 10 })
	if commits.Load() {
		t.Error("committed what belongs to somebody else")
	}
	if !told.Load() || revoked.Load() != 1 {
		t.Errorf("handler told: %v, partitions given up: %d, want 1", told.Load(), revoked.Load())
	}
	if s.total() != 15 { // 0 to 4, and then all
		t.Errorf("handled %d times, want 15", s.total())
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}
	if !commits.Load() {
		t.Error("nothing was committed at the end")
	}
}

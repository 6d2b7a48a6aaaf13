package stream_test

import (
	"context"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/stream"
)

// A rebalance that waits for a member that was killed keeps none of the others from leaving, and the group is rid of them.
func TestEndInTheMidstOfARebalance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	send(w, producer[order](w, "orders"), 0, 100, 20)
	s := newSeen()
	hasty := stream.KafkaOptions(kgo.HeartbeatInterval(100 * time.Millisecond))
	staying := run(t, consumer(w, "g", s, hasty))
	eventually(t, "the orders are handled", func() bool { return s.distinct() == 100 })

	dead := make(chan struct{})
	assigned := make(chan struct{}, 100)
	doomed := run(t, consumer(w, "g", newSeen(), hasty, stream.DrainTimeout(time.Millisecond),
		stream.KafkaOptions(kgo.Dialer(mortal(dead))),
		stream.Observe(func(e stream.Event) {
			if e.Kind == stream.Assigned {
				assigned <- struct{}{}
			}
		})))
	<-assigned
	close(dead)
	late := run(t, consumer(w, "g", newSeen(), hasty))
	admin := kadm.NewClient(w.kafka())
	group := func() kadm.DescribedGroup {
		groups, err := admin.DescribeGroups(context.Background(), "g")
		if err != nil {
			t.Fatal(err)
		}
		return groups["g"]
	}
	eventually(t, "the group rebalances", func() bool { return group().State == "PreparingRebalance" })
	time.Sleep(500 * time.Millisecond) // so that the one that stays has joined again

	for _, leaving := range []*running{staying, late} {
		began := time.Now()
		if err := leaving.end(); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("took %v to end", took)
		}
	}
	if members := group().Members; len(members) > 1 {
		t.Errorf("the group has %d members, want the one that was killed", len(members))
	}
	doomed.end()
}

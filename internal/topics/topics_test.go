package topics_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/avow-events/avow/internal/kafka"
	"github.com/avow-events/avow/internal/topics"
)

// cluster starts a broker and connects to it.
func cluster(t *testing.T) (*kfake.Cluster, *topics.Client) {
	t.Helper()
	k, err := kfake.NewCluster(kfake.NumBrokers(3), kfake.DefaultNumPartitions(4))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	c, err := topics.Connect(t.Context(), kafka.Connection{Brokers: k.ListenAddrs()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return k, c
}

func plan(t *testing.T, c *topics.Client, prune func(string) bool, wanted ...topics.Topic) *topics.Plan {
	t.Helper()
	p, err := c.Plan(t.Context(), wanted, prune)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func apply(t *testing.T, c *topics.Client, p *topics.Plan) {
	t.Helper()
	if err := p.Apply(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
}

// lines writes the steps of a plan, one a line.
func lines(steps []topics.Step) (out []string) {
	for _, s := range steps {
		text := fmt.Sprintf("%v %s %d×%d %v", s.Action, s.Topic, s.Partitions, s.Replication, s.Configs)
		if s.Blocked != "" {
			text += ": " + s.Blocked
		}
		out = append(out, text)
	}
	return out
}

var orders = topics.Topic{
	Name: "orders", Partitions: 3, Replication: 3,
	Configs: map[string]string{"cleanup.policy": "compact,delete", "retention.ms": "3600000"},
}

func TestPlanIsEmptyAfterApply(t *testing.T) {
	_, c := cluster(t)
	plain := topics.Topic{Name: "plain"}
	p := plan(t, c, nil, orders, plain)
	want := []string{
		"create orders 3×3 map[cleanup.policy:compact,delete retention.ms:3600000]",
		"create plain 0×0 map[]",
	}
	if diff := cmp.Diff(want, lines(p.Changes())); diff != "" {
		t.Error(diff)
	}
	apply(t, c, p)
	var done []string // when it is applied again
	if err := p.Apply(t.Context(), c, func(s topics.Step) {
		if s.Done {
			done = append(done, s.Topic)
		}
	}); err != nil || !slices.Equal(done, []string{"orders", "plain"}) {
		t.Errorf("done already: %q, %v", done, err)
	}
	if again := plan(t, c, nil, orders, plain); len(again.Changes()) > 0 || len(again.Steps) != 2 {
		t.Errorf("left: %v", lines(again.Changes()))
	}
	if seen := plan(t, c, nil, orders, plain).Seen["plain"]; seen.Partitions != 4 {
		t.Errorf("plain has %v, want what the broker gives", seen)
	}
	// The order of a list means nothing.
	same := orders
	same.Configs = map[string]string{"cleanup.policy": "delete, compact"}
	if again := plan(t, c, nil, same); len(again.Changes()) > 0 {
		t.Errorf("left: %v", lines(again.Changes()))
	}
}

func TestChanges(t *testing.T) {
	_, c := cluster(t)
	apply(t, c, plan(t, c, nil, orders))
	more := orders
	more.Partitions = 6
	more.Configs = map[string]string{"cleanup.policy": "compact", "retention.ms": "3600000", "max.message.bytes": "2097152"}
	p := plan(t, c, nil, more)
	want := []string{
		"add partitions orders 6×0 map[]",
		"set configs orders 0×0 map[cleanup.policy:compact max.message.bytes:2097152]",
	}
	if diff := cmp.Diff(want, lines(p.Changes())); diff != "" {
		t.Error(diff)
	}
	apply(t, c, p)
	// What is not listed any more stays as it is.
	for _, same := range []topics.Topic{more, {Name: "orders", Partitions: 6}, {Name: "orders"}} {
		if again := plan(t, c, nil, same); len(again.Changes()) > 0 {
			t.Errorf("left: %v", lines(again.Changes()))
		}
	}
}

// A topic is never shrunk, and what brokers would refuse is known before anything is done.
func TestWhatIsRefused(t *testing.T) {
	_, c := cluster(t)
	apply(t, c, plan(t, c, nil, orders))
	p := plan(t, c, nil,
		topics.Topic{Name: "orders", Partitions: 2, Replication: 1},
		topics.Topic{Name: "wide", Replication: 5},
		topics.Topic{Name: "fine"},
	)
	got := lines(p.Refused())
	for i, want := range []string{
		"keep orders 0×0 map[]: it has 3 partitions and cannot be shrunk to 2: write `partitions: 3`",
		"keep orders 0×0 map[]: it has 3 replicas and not 1: avow moves no replicas, kafka-reassign-partitions does",
		"create wide 0×5 map[]: the broker would refuse it: INVALID_REPLICATION_FACTOR",
	} {
		if i >= len(got) || !strings.HasPrefix(got[i], want) {
			t.Fatalf("got  %q\nwant %q", got, want)
		}
	}
	if err := p.Apply(t.Context(), c, nil); err == nil || !strings.Contains(err.Error(), "cannot be shrunk to 2: write `partitions: 3`: nothing was applied") {
		t.Errorf("got %v", err)
	}
	if again := plan(t, c, nil, topics.Topic{Name: "fine"}); len(again.Changes()) != 1 {
		t.Error("a refused plan was applied")
	}
}

func TestPrune(t *testing.T) {
	_, c := cluster(t)
	apply(t, c, plan(t, c, nil, orders, topics.Topic{Name: "old"}, topics.Topic{Name: "others"}, topics.Topic{Name: "_schemas"}))
	if p := plan(t, c, nil, orders); len(p.Changes()) > 0 {
		t.Errorf("without prune: %v", lines(p.Changes()))
	}
	p := plan(t, c, func(topic string) bool { return topic != "others" }, orders)
	if diff := cmp.Diff([]string{"delete old 0×0 map[]"}, lines(p.Changes())); diff != "" {
		t.Error(diff)
	}
	apply(t, c, p)
	apply(t, c, p) // what is gone is gone
	if p := plan(t, c, func(topic string) bool { return topic != "others" }, orders); len(p.Changes()) > 0 {
		t.Errorf("left: %v", lines(p.Changes()))
	}
}

// A kept plan holds until somebody else changes what it rests on; its own steps do not count.
func TestMoved(t *testing.T) {
	_, c := cluster(t)
	more := orders
	more.Partitions, more.Configs = 6, map[string]string{"retention.ms": "7200000"}
	old := topics.Topic{Name: "old", Partitions: 1}
	apply(t, c, plan(t, c, nil, orders, old))
	text, err := json.Marshal(plan(t, c, func(string) bool { return true }, more, topics.Topic{Name: "new", Partitions: 2}))
	if err != nil {
		t.Fatal(err)
	}
	kept := &topics.Plan{}
	if err := json.Unmarshal(text, kept); err != nil {
		t.Fatal(err)
	}
	for n := range len(kept.Steps) + 1 { // stopped after each number of steps
		part := &topics.Plan{Steps: kept.Steps[:n]}
		apply(t, c, part)
		if moved, err := kept.Moved(t.Context(), c); err != nil || len(moved) > 0 {
			t.Errorf("after %d steps of its own: %q, %v", n, moved, err)
		}
	}
	more.Partitions, more.Configs = 8, map[string]string{"retention.ms": "1"}
	apply(t, c, plan(t, c, nil, more, old))
	moved, err := kept.Moved(t.Context(), c)
	want := []string{"topic orders was planned with partitions 3, replicas 3, retention.ms 3600000, and now is partitions 8, replicas 3, retention.ms 1"}
	if diff := cmp.Diff(want, moved); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if err := json.Unmarshal([]byte(`{"steps":[{"action":"shrink"}]}`), kept); err == nil || !strings.Contains(err.Error(), `unknown action "shrink"`) {
		t.Errorf("got %v", err)
	}
}

// An answer that is lost after the work was done is no reason to fail, nor to do it again.
func TestALostAnswer(t *testing.T) {
	k, c := cluster(t)
	created := 0
	k.ControlKey(int16(kmsg.CreateTopics), func(req kmsg.Request) (kmsg.Response, error, bool) {
		k.KeepControl()
		if req.(*kmsg.CreateTopicsRequest).ValidateOnly {
			return nil, nil, false
		}
		if created++; created == 2 {
			resp := req.ResponseKind().(*kmsg.CreateTopicsResponse)
			st := kmsg.NewCreateTopicsResponseTopic()
			st.Topic, st.ErrorCode = "orders", kerr.TopicAlreadyExists.Code
			resp.Topics = append(resp.Topics, st)
			return resp, nil, true
		}
		return nil, nil, false
	})
	p := plan(t, c, nil, orders)
	apply(t, c, p)
	apply(t, c, p)
	if created != 2 {
		t.Errorf("asked %d times", created)
	}
}

// A failure in the middle leaves what is done, and the next plan goes on.
func TestAFailureInTheMiddle(t *testing.T) {
	k, c := cluster(t)
	k.ControlKey(int16(kmsg.CreateTopics), func(req kmsg.Request) (kmsg.Response, error, bool) {
		k.KeepControl()
		r := req.(*kmsg.CreateTopicsRequest)
		if r.ValidateOnly || r.Topics[0].Topic != "second" {
			return nil, nil, false
		}
		k.DropControl()
		resp := req.ResponseKind().(*kmsg.CreateTopicsResponse)
		st := kmsg.NewCreateTopicsResponseTopic()
		st.Topic, st.ErrorCode, st.ErrorMessage = "second", kerr.PolicyViolation.Code, kmsg.StringPtr("not on a Friday")
		resp.Topics = append(resp.Topics, st)
		return resp, nil, true
	})
	all := []topics.Topic{{Name: "first"}, {Name: "second"}, {Name: "third"}}
	err := plan(t, c, nil, all...).Apply(t.Context(), c, nil)
	if !errors.Is(err, kerr.PolicyViolation) || !strings.Contains(err.Error(), "stopped at step 2 of 3, create of topic second: ") || !strings.Contains(err.Error(), "(not on a Friday)") {
		t.Errorf("got %v", err)
	}
	p := plan(t, c, nil, all...)
	if diff := cmp.Diff([]string{"create second 0×0 map[]", "create third 0×0 map[]"}, lines(p.Changes())); diff != "" {
		t.Error(diff)
	}
	apply(t, c, p)
	if left := plan(t, c, nil, all...).Changes(); len(left) > 0 {
		t.Errorf("left: %v", lines(left))
	}
}

func TestNoBroker(t *testing.T) {
	start := time.Now()
	_, err := topics.Connect(t.Context(), kafka.Connection{Brokers: []string{"127.0.0.1:1"}})
	if err == nil || !strings.Contains(err.Error(), "cannot connect to Kafka at 127.0.0.1:1: ") || !strings.Contains(err.Error(), "is Kafka running there?") {
		t.Errorf("got %v", err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := topics.Connect(ctx, kafka.Connection{Brokers: []string{"127.0.0.1:1"}}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

package records_test

import (
	"context"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/avow-events/avow/internal/kafka"
	"github.com/avow-events/avow/internal/records"
)

// brokerAt starts a broker on a port, with the data of the one that was there before.
func brokerAt(t *testing.T, port int, dir string) *kfake.Cluster {
	t.Helper()
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		cluster, err := kfake.NewCluster(kfake.Ports(port), kfake.SeedTopics(1, "numbers"), kfake.DataDir(dir))
		if err == nil {
			t.Cleanup(cluster.Close)
			return cluster
		}
		if time.Since(began) > 10*time.Second {
			t.Fatal(err)
		}
	}
}

// Brokers that go away are told of once, within seconds, to a member of a group as to anybody; when they are back reading
// goes on with nothing lost.
func TestAway(t *testing.T) {
	t.Parallel()
	for name, group := range map[string]string{"directly": "", "in a group": "readers"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			address, dir := ln.Addr().String(), t.TempDir()
			_, text, _ := net.SplitHostPort(address)
			port, _ := strconv.Atoi(text)
			ln.Close()
			first := brokerAt(t, port, dir)
			write := func(value string) {
				t.Helper()
				client, err := kgo.NewClient(kgo.SeedBrokers(address))
				if err != nil {
					t.Fatal(err)
				}
				defer client.Close()
				if err := client.ProduceSync(t.Context(), &kgo.Record{Topic: "numbers", Value: []byte(value)}).FirstErr(); err != nil {
					t.Fatal(err)
				}
			}
			write("one")

			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			got, told, done := make(chan string, 10), make(chan error, 10), make(chan error, 1)
			go func() {
				r := records.Range{Group: group, Away: func(err error) { told <- err }}
				done <- records.Read(ctx, kafka.Connection{Brokers: []string{address}}, "numbers", r, func(r *records.Record) error {
					got <- string(r.Value)
					return nil
				})
			}()
			receive := func(what string) {
				t.Helper()
				for {
					select {
					case value := <-got:
						if value == what {
							return
						}
						if group == "" { // which commits now and then, and reads what it has not committed again
							t.Fatalf("got %s, want %s", value, what)
						}
					case err := <-done:
						t.Fatal("stopped with", err)
					case <-time.After(20 * time.Second):
						t.Fatal(what, "does not come")
					}
				}
			}
			receive("one")
			first.Close()
			select {
			case err := <-told:
				if !strings.Contains(err.Error(), "connection refused") {
					t.Errorf("told %v", err)
				}
			case err := <-done:
				t.Fatal("stopped with", err)
			case <-time.After(10 * time.Second):
				t.Error("nothing was told")
			}
			time.Sleep(2500 * time.Millisecond) // so that it would be told again
			brokerAt(t, port, dir)
			write("two")
			receive("two")
			if len(told) > 0 {
				t.Errorf("told again: %v", <-told)
			}
			stop()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}

// A cluster on which no group has committed anything yet needs a moment to be ready for the first one.
func TestTheFirstGroup(t *testing.T) {
	t.Parallel()
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, "numbers"), kfake.DataDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	var asked atomic.Int32
	cluster.ControlKey(int16(kmsg.OffsetFetch), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		if asked.Add(1) > 3 {
			return nil, nil, false
		}
		resp := req.ResponseKind().(*kmsg.OffsetFetchResponse)
		resp.ErrorCode = kerr.CoordinatorLoadInProgress.Code
		for _, g := range req.(*kmsg.OffsetFetchRequest).Groups {
			answer := kmsg.NewOffsetFetchResponseGroup()
			answer.Group, answer.ErrorCode = g.Group, kerr.CoordinatorLoadInProgress.Code
			resp.Groups = append(resp.Groups, answer)
		}
		return resp, nil, true
	})
	if got := read(t, cluster.ListenAddrs()[0], "numbers", records.Range{Group: "first", UntilEnd: true}); got != nil {
		t.Errorf("got %q", got)
	}
	if asked.Load() < 4 {
		t.Errorf("asked %d times", asked.Load())
	}
}

// A partition without a leader is told of, although brokers answer.
func TestNoLeader(t *testing.T) {
	t.Parallel()
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(2, "numbers"), kfake.DataDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	told, done := make(chan error, 10), make(chan error, 1)
	go func() {
		r := records.Range{Away: func(err error) { told <- err }}
		done <- records.Read(ctx, kafka.Connection{Brokers: cluster.ListenAddrs()}, "numbers", r, func(*records.Record) error { return nil })
	}()
	time.Sleep(500 * time.Millisecond) // until it reads
	cluster.ControlKey(int16(kmsg.Metadata), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp := req.ResponseKind().(*kmsg.MetadataResponse)
		topic := kmsg.NewMetadataResponseTopic()
		topic.Topic = kmsg.StringPtr("numbers")
		for number := range int32(2) {
			p := kmsg.NewMetadataResponseTopicPartition()
			p.Partition, p.Leader, p.ErrorCode = number, -number, kerr.LeaderNotAvailable.Code*int16(number)
			topic.Partitions = append(topic.Partitions, p)
		}
		resp.Topics = append(resp.Topics, topic)
		return resp, nil, true
	})
	select {
	case err := <-told:
		if err.Error() != "numbers/1 has no leader" {
			t.Errorf("told %v", err)
		}
	case err := <-done:
		t.Errorf("stopped with %v", err)
	case <-time.After(10 * time.Second):
		t.Error("nothing was told")
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

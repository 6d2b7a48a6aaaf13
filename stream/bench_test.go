package stream_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/registry/embedded"
	"github.com/avow-events/avow/stream"

	"net/http/httptest"
)

// The benchmarks put the typed layer beside franz-go alone, on the same records of 200 bytes and in one process with
// the broker. Read differences: the broker's work is in both.
const benchBytes = 200

func benchWorld(b *testing.B, opts ...kfake.Opt) (broker string, reg *registry.Client) {
	b.Helper()
	opts = append(opts, kfake.NumBrokers(1), kfake.SeedTopics(6, "orders"), kfake.DataDir(b.TempDir()))
	cluster, err := kfake.NewCluster(opts...)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(cluster.Close)
	server, err := embedded.New()
	if err != nil {
		b.Fatal(err)
	}
	front := httptest.NewServer(server)
	b.Cleanup(front.Close)
	if reg, err = registry.New(front.URL); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(reg.Close)
	return cluster.ListenAddrs()[0], reg
}

// measure runs f and reports what it costs a record: of the whole process, broker included.
func measure(b *testing.B, f func()) {
	b.Helper()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	cpu := cpuTime()
	b.ResetTimer()
	f()
	b.StopTimer()
	cpu = cpuTime() - cpu
	runtime.ReadMemStats(&after)
	n := float64(b.N)
	b.ReportMetric(n/b.Elapsed().Seconds(), "rec/s")
	b.ReportMetric(float64(cpu.Nanoseconds())/n, "cpu-ns/rec")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/n, "allocs/rec")
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkProduce(b *testing.B) {
	b.Run("disk", func(b *testing.B) { benchProduce(b) })
	b.Run("blackhole", func(b *testing.B) { benchProduce(b, kfake.BlackholeProduce()) })
}

func benchProduce(b *testing.B, opts ...kfake.Opt) {
	id := strings.Repeat("x", benchBytes-12)
	done := func(err error) {
		if err != nil {
			b.Error(err)
		}
	}
	b.Run("raw", func(b *testing.B) {
		broker, _ := benchWorld(b, opts...)
		cl, err := kgo.NewClient(kgo.SeedBrokers(broker), kgo.DefaultProduceTopic("orders"), kgo.MaxBufferedBytes(64<<20))
		if err != nil {
			b.Fatal(err)
		}
		defer cl.Close()
		value, promise := []byte(id+"123456789012"), func(_ *kgo.Record, err error) { done(err) }
		keys := benchKeys()
		measure(b, func() {
			for i := range b.N {
				cl.Produce(b.Context(), &kgo.Record{Key: keys[i%len(keys)], Value: value}, promise)
			}
			done(cl.Flush(b.Context()))
		})
	})
	b.Run("typed", func(b *testing.B) {
		broker, reg := benchWorld(b, opts...)
		p, err := stream.NewProducer[order](b.Context(), "orders", stream.Brokers(broker), stream.Registry(reg), stream.AutoRegister())
		if err != nil {
			b.Fatal(err)
		}
		defer p.Close(b.Context())
		keys, event := benchKeys(), &order{ID: id}
		measure(b, func() {
			for i := range b.N {
				event.Amount = int64(i)
				if err := p.Produce(b.Context(), keys[i%len(keys)], event, done); err != nil {
					b.Fatal(err)
				}
			}
			done(p.Flush(b.Context()))
		})
	})
}

func benchKeys() [][]byte {
	keys := make([][]byte, 1000)
	for i := range keys {
		keys[i] = fmt.Appendf(nil, "key-%04d", i)
	}
	return keys
}

func BenchmarkConsume(b *testing.B) {
	// fill puts b.N orders into the topic.
	fill := func(b *testing.B) (broker string, reg *registry.Client) {
		broker, reg = benchWorld(b)
		p, err := stream.NewProducer[order](b.Context(), "orders", stream.Brokers(broker), stream.Registry(reg), stream.AutoRegister())
		if err != nil {
			b.Fatal(err)
		}
		defer p.Close(b.Context())
		keys, event := benchKeys(), &order{ID: strings.Repeat("x", benchBytes-12)}
		for i := range b.N {
			if err := p.Produce(b.Context(), keys[i%len(keys)], event, nil); err != nil {
				b.Fatal(err)
			}
		}
		if err := p.Flush(b.Context()); err != nil {
			b.Fatal(err)
		}
		return broker, reg
	}
	b.Run("raw", func(b *testing.B) {
		broker, _ := fill(b)
		cl, err := kgo.NewClient(kgo.SeedBrokers(broker), kgo.ConsumeTopics("orders"), kgo.ConsumerGroup("g"),
			kgo.AutoCommitMarks(), kgo.BlockRebalanceOnPoll(), kgo.FetchMaxWait(500*time.Millisecond))
		if err != nil {
			b.Fatal(err)
		}
		defer cl.CloseAllowingRebalance()
		measure(b, func() {
			for n := 0; n < b.N; {
				fetches := cl.PollFetches(b.Context())
				fetches.EachPartition(func(p kgo.FetchTopicPartition) {
					n += len(p.Records)
					if len(p.Records) > 0 {
						cl.MarkCommitRecords(p.Records[len(p.Records)-1])
					}
				})
				cl.AllowRebalance()
			}
		})
	})
	b.Run("typed", func(b *testing.B) {
		broker, reg := fill(b)
		c, err := stream.NewConsumer("g", stream.Brokers(broker), stream.Registry(reg), stream.Logger(quiet))
		if err != nil {
			b.Fatal(err)
		}
		ctx, stop := context.WithCancel(b.Context())
		defer stop()
		var n atomic.Int64
		stream.Handle(c, "orders", func(context.Context, stream.Message[order]) error {
			if n.Add(1) == int64(b.N) {
				stop()
			}
			return nil
		})
		measure(b, func() {
			if err := c.Run(ctx); err != nil {
				b.Fatal(err)
			}
		})
	})
}

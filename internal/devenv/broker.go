package devenv

import (
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kversion"
)

// broker is kfake on one listener and one directory. It is always given a directory: in memory it grows with the
// data, and a restart would give every topic a new id, on which clients fail for good.
type broker struct {
	stop chan struct{}
	done sync.WaitGroup

	// mu keeps close from running during partitions: a closed cluster never answers, not even with an error.
	mu      sync.RWMutex
	cluster *kfake.Cluster
}

func startBroker(ln net.Listener, dir string, partitions int, clean time.Duration, log *slog.Logger) (*broker, error) {
	cluster, err := kfake.NewCluster(
		kfake.NumBrokers(1),
		kfake.ListenFn(func(string, string) (net.Listener, error) { return ln, nil }),
		kfake.DataDir(dir),
		kfake.ClusterID("avow-dev"),
		kfake.AllowAutoTopicCreation(),
		kfake.DefaultNumPartitions(partitions),
		kfake.MaxVersions(versions()),
		kfake.WithLogger(brokerLog{log}),
	)
	if err != nil {
		return nil, fmt.Errorf("start broker on %s: %w", dir, err)
	}
	b := &broker{cluster: cluster, stop: make(chan struct{})}
	b.done.Go(func() { b.clean(clean) })
	return b, nil
}

// versions keeps back the newest answers that kfake gives in a form on which Java's admin client fails: CreateTopics
// since version 5 without configs, DescribeTopicPartitions without its nullable lists, and ListGroups since version 5
// empty, as kfake compares the types of groups case by case. Stable and not Tip, because transactions fail at Tip.
func versions() *kversion.Versions {
	const listGroups, createTopics, describeTopicPartitions = 16, 19, 75
	v := kversion.Stable()
	v.SetMaxKeyVersion(listGroups, 4)
	v.SetMaxKeyVersion(createTopics, 4)
	v.SetMaxKeyVersion(describeTopicPartitions, -1)
	return v
}

// clean applies compaction and retention. kfake would do it once an hour.
func (b *broker) clean(every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-b.stop:
			return
		case <-tick.C:
			b.cluster.Compact() // and retention, for every topic
		}
	}
}

// partitions returns the state of a topic's partitions, nil where there is no such topic.
func (b *broker) partitions(topic string) []*kfake.PartitionInfo {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.cluster == nil {
		return nil
	}
	return b.cluster.PartitionInfos(topic)
}

// close stops the broker and writes what it keeps for the next start.
func (b *broker) close() {
	close(b.stop)
	b.done.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cluster.Close()
	b.cluster = nil
}

// brokerLog passes kfake's warnings and errors on. Its informational messages are one a request.
type brokerLog struct{ log *slog.Logger }

func (l brokerLog) Logf(level kfake.LogLevel, format string, args ...any) {
	switch level {
	case kfake.LogLevelError:
		l.log.Error("broker: " + fmt.Sprintf(format, args...))
	case kfake.LogLevelWarn:
		l.log.Warn("broker: " + fmt.Sprintf(format, args...))
	}
}

package records

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/internal/kafka"
)

// lookEvery is how often the brokers are asked whether they are there. franz-go waits for those that are not, and says
// nothing.
const lookEvery = 2 * time.Second

// watch calls tell, once until all is well again, when no broker answers or a partition of the topic has no leader. It
// returns when ctx ends.
func watch(ctx context.Context, to kafka.Connection, client *kgo.Client, topic string, tell func(error)) {
	told := false
	for sleep(ctx, lookEvery) == nil {
		err := look(ctx, to, client, topic)
		if ctx.Err() != nil {
			return
		}
		if err != nil && !told {
			tell(err)
		}
		told = err != nil
	}
}

func look(ctx context.Context, to kafka.Connection, client *kgo.Client, topic string) error {
	if err := to.Ping(ctx, client); err != nil {
		return err
	}
	resp, err := askFor(ctx, client, topic, false)
	if err != nil {
		return err
	}
	for _, p := range resp.Topics[0].Partitions {
		if err := kerr.ErrorForCode(p.ErrorCode); err != nil || p.Leader < 0 {
			return fmt.Errorf("%s/%d has no leader: %w", topic, p.Partition, err)
		}
	}
	return nil
}

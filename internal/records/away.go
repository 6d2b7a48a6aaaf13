package records

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// lookEvery is how often the brokers are asked whether they are there. franz-go waits for those that are not, and says
// nothing.
const lookEvery = 2 * time.Second

// watch calls tell, once until all is well again, when no broker answers or a partition of the topic has no leader. It
// returns when ctx ends.
func watch(ctx context.Context, client *kgo.Client, topic string, tell func(error)) {
	told := false
	for sleep(ctx, lookEvery) == nil {
		err := look(ctx, client, topic)
		if err != nil { // or it was only an old connection that broke
			err = look(ctx, client, topic)
		}
		if ctx.Err() != nil {
			return
		}
		if err != nil && !told {
			tell(err)
		}
		told = err != nil
	}
}

func look(ctx context.Context, client *kgo.Client, topic string) error {
	bounded, cancel := context.WithTimeoutCause(ctx, lookEvery, fmt.Errorf("no answer within %v", lookEvery))
	defer cancel()
	resp, err := askFor(bounded, client, topic, false)
	if err != nil {
		return err
	}
	for _, p := range resp.Topics[0].Partitions {
		if p.Leader < 0 {
			return fmt.Errorf("%s/%d has no leader", topic, p.Partition)
		}
	}
	return nil
}

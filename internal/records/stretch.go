package records

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// idle is how long brokers may be silent, twice in a row, before the end is taken for reached although the last record did
// not come: compaction may have removed that record. After the first time they are known to be there, and were not just
// starting anew.
const idle = 3 * time.Second

// stretch reads partitions directly, without a group.
type stretch struct {
	client   *kgo.Client
	topic    string
	todo     map[int32]span
	untilEnd bool
}

func (s *stretch) read(ctx context.Context, fn func(*Record) error) error {
	open := map[int32]bool{}
	start := map[int32]kgo.Offset{}
	for p, span := range s.todo {
		if s.untilEnd && span.start == span.end {
			continue
		}
		open[p] = true
		start[p] = kgo.NewOffset().At(span.start)
	}
	s.client.AddConsumePartitions(map[string]map[int32]kgo.Offset{s.topic: start})
	defer s.client.PurgeTopicsFromConsuming(s.topic)
	silences := 0
	for len(open) > 0 {
		fetches, silent, err := s.poll(ctx)
		if err != nil {
			return err
		}
		if !silent {
			silences = 0
		} else if silences++; silences == 2 {
			return nil
		}
		for it := fetches.RecordIter(); !it.Done(); {
			r := it.Next()
			if s.untilEnd && r.Offset >= s.todo[r.Partition].end-1 {
				delete(open, r.Partition)
				if r.Offset >= s.todo[r.Partition].end {
					continue // written meanwhile
				}
			}
			if r.Attrs.IsControl() {
				continue
			}
			if err := fn(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// poll waits for records; where the end is known no longer than idle, after which silent says that none came from brokers
// that are there.
func (s *stretch) poll(ctx context.Context) (_ kgo.Fetches, silent bool, err error) {
	if !s.untilEnd {
		fetches, err := poll(ctx, s.client)
		return fetches, false, err
	}
	bounded, cancel := context.WithTimeout(ctx, idle)
	defer cancel()
	fetches, err := poll(bounded, s.client)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil, true, s.client.Ping(ctx)
	}
	return fetches, false, err
}

// poll waits for records. The error is the context's, or the first that a partition has and that will not go away. What
// goes away, such as a broker that starts anew, franz-go waits out; see [Range.Away].
func poll(ctx context.Context, client *kgo.Client) (kgo.Fetches, error) {
	fetches := client.PollFetches(ctx)
	if err := fetches.Err0(); err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	errs := fetches.Errors()
	for _, e := range errs {
		switch {
		case passing(e.Err):
		case e.Topic == "": // of the group
			return nil, e.Err
		default:
			return nil, fmt.Errorf("read %s/%d: %w", e.Topic, e.Partition, e.Err)
		}
	}
	if len(errs) > 0 && fetches.Empty() {
		return fetches, sleep(ctx, 100*time.Millisecond)
	}
	return fetches, nil
}

// passing reports whether an error is one of brokers that are away or not ready, and no answer for good.
func passing(err error) bool {
	var network *net.OpError
	return errors.As(err, &network) || kgo.IsRetryableBrokerErr(err) || kerr.IsRetriable(err)
}

// last calls fn for the newest n records. Offsets that hold no record (marks of transactions, compaction) make it look
// further back than n offsets.
func (s *stretch) last(ctx context.Context, n int, fn func(*Record) error) error {
	all := s.todo
	s.untilEnd = true
	byPartition := map[int32][]*Record{}
	for window := int64(n); len(all) > 0; window *= 8 {
		s.todo = map[int32]span{}
		for p, span := range all {
			span.start = max(span.start, span.end-window)
			s.todo[p], byPartition[p] = span, nil
		}
		err := s.read(ctx, func(r *Record) error {
			byPartition[r.Partition] = append(byPartition[r.Partition], r)
			return nil
		})
		if err != nil {
			return err
		}
		for p, span := range s.todo {
			if len(byPartition[p]) >= n || span.start == all[p].start {
				delete(all, p)
			}
		}
	}
	var newest []*Record
	for _, records := range byPartition {
		newest = append(newest, records[max(0, len(records)-n):]...)
	}
	slices.SortFunc(newest, func(a, b *Record) int {
		return cmp.Or(a.Timestamp.Compare(b.Timestamp), cmp.Compare(a.Partition, b.Partition), cmp.Compare(a.Offset, b.Offset))
	})
	for _, r := range newest[max(0, len(newest)-n):] {
		if err := fn(r); err != nil {
			return err
		}
	}
	return nil
}

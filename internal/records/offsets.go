package records

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Timestamps that ListOffsets takes as words (Kafka protocol, ListOffsetsRequest).
const (
	latestOffset   = -1
	earliestOffset = -2
)

// readCommitted makes the end of a partition the end of what is committed.
const readCommitted = 1

// span is a stretch of a partition: from start up to but without end.
type span struct{ start, end int64 }

// spans returns the stretch from a position to the present end, for each partition.
func spans(ctx context.Context, client *kgo.Client, topic string, partitions []int32, from Position) (map[int32]span, error) {
	first, err := listOffsets(ctx, client, topic, partitions, earliestOffset)
	if err != nil {
		return nil, err
	}
	last, err := listOffsets(ctx, client, topic, partitions, latestOffset)
	if err != nil {
		return nil, err
	}
	start := first
	switch from.kind {
	case end:
		start = last
	case atTime:
		if start, err = listOffsets(ctx, client, topic, partitions, from.time.UnixMilli()); err != nil {
			return nil, err
		}
	}
	out := make(map[int32]span, len(partitions))
	for _, p := range partitions {
		at := start[p]
		switch {
		case from.kind == atOffset:
			at = from.offset
		case at < 0: // nothing is that young
			at = last[p]
		}
		out[p] = span{min(max(at, first[p]), last[p]), last[p]}
	}
	return out, nil
}

// listOffsets returns for each partition the offset of the first record that is not older than timestamp, in
// milliseconds, or that timestamp stands for as a word; -1 where there is none.
func listOffsets(ctx context.Context, client *kgo.Client, topic string, partitions []int32, timestamp int64) (map[int32]int64, error) {
	req := kmsg.NewPtrListOffsetsRequest()
	req.IsolationLevel = readCommitted
	t := kmsg.NewListOffsetsRequestTopic()
	t.Topic = topic
	for _, p := range partitions {
		partition := kmsg.NewListOffsetsRequestTopicPartition()
		partition.Partition = p
		partition.Timestamp = timestamp
		t.Partitions = append(t.Partitions, partition)
	}
	req.Topics = append(req.Topics, t)
	resp, err := req.RequestWith(ctx, client)
	if err != nil {
		return nil, fmt.Errorf("ask for the offsets of %s: %w", topic, err)
	}
	out := make(map[int32]int64, len(partitions))
	for _, t := range resp.Topics {
		for _, p := range t.Partitions {
			if err := kerr.ErrorForCode(p.ErrorCode); err != nil {
				return nil, fmt.Errorf("ask for the offsets of %s/%d: %w", topic, p.Partition, err)
			}
			out[p.Partition] = p.Offset
		}
	}
	return out, nil
}

// coordinatorTimeout bounds the wait for the broker that is to keep a group's offsets. A cluster on which nobody has
// committed yet makes the topic for them first.
const coordinatorTimeout = 20 * time.Second

// committedOffsets returns where a group stands in each partition, without those in which it has committed nothing.
func committedOffsets(ctx context.Context, client *kgo.Client, group, topic string, partitions []int32) (map[int32]int64, error) {
	resp, err := fetchOffsets(ctx, client, group, topic, partitions)
	for began := time.Now(); err != nil && kerr.IsRetriable(err) && time.Since(began) < coordinatorTimeout; {
		if err := sleep(ctx, 200*time.Millisecond); err != nil {
			return nil, err
		}
		resp, err = fetchOffsets(ctx, client, group, topic, partitions)
	}
	if errors.Is(err, kerr.GroupIDNotFound) {
		return map[int32]int64{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ask where the group %s stands: %w", group, err)
	}
	out := map[int32]int64{}
	for _, t := range resp.Topics {
		for _, p := range t.Partitions {
			if err := kerr.ErrorForCode(p.ErrorCode); err != nil {
				return nil, fmt.Errorf("ask where the group %s stands in %s/%d: %w", group, topic, p.Partition, err)
			}
			if p.Offset >= 0 {
				out[p.Partition] = p.Offset
			}
		}
	}
	return out, nil
}

func fetchOffsets(ctx context.Context, client *kgo.Client, group, topic string, partitions []int32) (*kmsg.OffsetFetchResponse, error) {
	req := kmsg.NewPtrOffsetFetchRequest()
	req.Group = group
	t := kmsg.NewOffsetFetchRequestTopic()
	t.Topic = topic
	t.Partitions = partitions
	req.Topics = append(req.Topics, t)
	resp, err := req.RequestWith(ctx, client)
	if err != nil {
		return nil, err
	}
	return resp, kerr.ErrorForCode(resp.ErrorCode)
}

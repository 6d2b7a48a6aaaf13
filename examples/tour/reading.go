package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/google/uuid"

	"github.com/avow-events/avow/stream"

	next "github.com/avow-events/avow/examples/tour/next/gen/orders"
)

// reading collects what the consumer read and proves its order. Handlers of different partitions run at once.
type reading struct {
	mu     sync.Mutex
	events int
	first  *next.OrderCreated // of the first order that was placed
	byPart map[int32]*partition
}

// partition is what was read of one partition.
type partition struct {
	number     int32
	events     int
	lastOffset int64
	lastOrder  map[uuid.UUID]int // sequence of each customer's latest order
}

func newReading() *reading { return &reading{byPart: map[int32]*partition{}} }

// add takes an event in and returns how many there are. It fails if the event comes out of order: Kafka promises the
// order of a partition, and the key puts all orders of a customer into one.
func (r *reading) add(m stream.Message[next.OrderCreated]) (int, error) {
	n, err := strconv.Atoi(m.Value.Attributes[sequence])
	if err != nil {
		return 0, fmt.Errorf("order %s has no sequence: %w", m.Value.OrderID, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.byPart[m.Partition]
	if p == nil {
		p = &partition{number: m.Partition, lastOffset: -1, lastOrder: map[uuid.UUID]int{}}
		r.byPart[m.Partition] = p
	}
	if last, seen := p.lastOrder[m.Value.BuyerID]; m.Offset <= p.lastOffset || seen && n <= last {
		return r.events, fmt.Errorf("partition %d offset %d: order %d came after offset %d, order %d", m.Partition, m.Offset, n, p.lastOffset, last)
	}
	p.lastOffset, p.lastOrder[m.Value.BuyerID] = m.Offset, n
	p.events++
	r.events++
	if n == 0 {
		r.first = m.Value
	}
	return r.events, nil
}

// partitions returns what was read, by number.
func (r *reading) partitions() []*partition {
	out := make([]*partition, 0, len(r.byPart))
	for _, k := range slices.Sorted(maps.Keys(r.byPart)) {
		out = append(out, r.byPart[k])
	}
	return out
}

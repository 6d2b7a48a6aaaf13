package stream

import "github.com/twmb/franz-go/pkg/kgo"

// push hands records over to the worker. It never blocks.
func (w *worker) push(records []*kgo.Record) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queue = append(w.queue, records)
	w.weigh(size(records))
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// weigh counts bytes that came to wait, or went. The caller holds mu.
func (w *worker) weigh(n int) {
	w.waiting += n
	if !w.paused && !w.gone {
		w.consumer.load.add(n)
	}
}

// pauseBeyond has the partition not fetched for a while if more than limit bytes wait.
func (w *worker) pauseBeyond(limit int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.paused || w.gone || w.waiting <= limit {
		return
	}
	w.consumer.load.add(-w.waiting)
	w.paused = true
	w.client.PauseFetchPartitions(w.partitions())
}

// take returns the next records, nil when the partition is given up.
func (w *worker) take() []*kgo.Record {
	for w.life.Err() == nil {
		w.mu.Lock()
		if len(w.queue) > 0 {
			records := w.queue[0]
			w.queue[0] = nil
			w.queue = w.queue[1:]
			w.mu.Unlock()
			return records
		}
		w.mu.Unlock()
		select {
		case <-w.life.Done():
		case <-w.wake:
		}
	}
	return nil
}

// finish takes handled records off what waits.
func (w *worker) finish(records []*kgo.Record) {
	share := w.consumer.share()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.weigh(-size(records))
	if w.paused && !w.gone && w.waiting < share/2 {
		w.paused = false
		w.consumer.load.add(w.waiting)
		w.client.ResumeFetchPartitions(w.partitions())
	}
}

// disown takes the partition from the worker, which may still have a record in hand: nothing of it is committed or
// counted from now on.
func (w *worker) disown() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.gone {
		return
	}
	w.gone = true
	if w.paused { // or it would stay so when the partition comes back
		w.client.ResumeFetchPartitions(w.partitions())
	} else {
		w.consumer.load.add(-w.waiting)
	}
}

func (w *worker) partitions() map[string][]int32 {
	return map[string][]int32{w.at.topic: {w.at.number}}
}

func size(records []*kgo.Record) (n int) {
	for _, r := range records {
		n += len(r.Key) + len(r.Value) + perRecord
	}
	return n
}

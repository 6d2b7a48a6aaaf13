// Package parallel does many things of one kind at once, but not more than some. It is for questions to servers and for
// files: results stand where the caller puts them by index, and of several errors the same one comes back however fast
// the answers are.
package parallel

import (
	"context"
	"sync"
)

// Each calls do for every index from 0 up to n, in ascending order and not more than limit at a time. After an error, or
// once ctx has ended, no further call is begun; those under way are waited for. The error is that of the lowest index,
// or ctx's own.
//
// Calls begin in order, so one may wait for another of a lower index, unless that fails.
func Each(ctx context.Context, n, limit int, do func(i int) error) error {
	var (
		mu     sync.Mutex
		failed = n // lowest index that failed
		first  error
		begun  sync.WaitGroup
	)
	slots := make(chan struct{}, limit)
	for i := range n {
		slots <- struct{}{}
		mu.Lock()
		stop := first != nil
		mu.Unlock()
		if stop || ctx.Err() != nil {
			break
		}
		begun.Go(func() {
			defer func() { <-slots }()
			if err := do(i); err != nil {
				mu.Lock()
				defer mu.Unlock()
				if i < failed {
					failed, first = i, err
				}
			}
		})
	}
	begun.Wait()
	if first == nil {
		return ctx.Err()
	}
	return first
}

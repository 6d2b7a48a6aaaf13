package parallel_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avow-events/avow/internal/parallel"
)

func TestEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int32
		done := make([]bool, 100)
		start := time.Now()
		err := parallel.Each(t.Context(), len(done), 8, func(i int) error {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(time.Second)
			now.Add(-1)
			done[i] = true
			return nil
		})
		if err != nil || most.Load() != 8 || time.Since(start) != 13*time.Second {
			t.Errorf("%d at once in %v, %v", most.Load(), time.Since(start), err)
		}
		for i, d := range done {
			if !d {
				t.Errorf("%d was left out", i)
			}
		}
	})
}

// The error is that of the lowest index, also where others come sooner.
func TestEachReturnsTheFirstError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		err := parallel.Each(t.Context(), 100, 4, func(i int) error {
			calls.Add(1)
			time.Sleep(time.Duration(10-i) * time.Second)
			if i > 0 {
				return fmt.Errorf("error %d", i)
			}
			return nil
		})
		if err == nil || err.Error() != "error 1" || calls.Load() > 5 {
			t.Errorf("%v after %d calls", err, calls.Load())
		}
	})
}

func TestEachEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	err := parallel.Each(ctx, 100, 1, func(int) error {
		if calls++; calls == 3 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || calls != 3 {
		t.Errorf("%v after %d calls", err, calls)
	}
	if err := parallel.Each(t.Context(), 0, 1, nil); err != nil {
		t.Error(err)
	}
}

// A call may wait for what one before it does.
func TestEachBeginsInOrder(t *testing.T) {
	done := make([]chan struct{}, 50)
	for i := range done {
		done[i] = make(chan struct{})
	}
	err := parallel.Each(t.Context(), len(done), 2, func(i int) error {
		if i > 0 {
			<-done[i-1]
		}
		close(done[i])
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

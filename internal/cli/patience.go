package cli

import (
	"context"
	"net/http/httptrace"
	"sync"
	"time"
)

// patience is how long a registry may be silent before somebody who waits is told.
const patience = 3 * time.Second

// withPatience returns a context under which tell is called, once for an address, when requests to it have been without
// any answer for as long as after: each is tried several times, which can take most of a minute. The function that it
// returns ends the watch.
func withPatience(ctx context.Context, after time.Duration, tell func(address string)) (context.Context, func()) {
	var mu sync.Mutex
	waiting := map[string]*time.Timer{}
	told := map[string]bool{}
	stop := func() {
		mu.Lock()
		defer mu.Unlock()
		for _, timer := range waiting {
			timer.Stop()
		}
		clear(waiting)
	}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(address string) {
			mu.Lock()
			defer mu.Unlock()
			if waiting[address] != nil || told[address] {
				return
			}
			waiting[address] = time.AfterFunc(after, func() {
				mu.Lock() // so that nothing is told once the watch has ended
				defer mu.Unlock()
				if waiting[address] != nil {
					told[address] = true
					tell(address)
				}
			})
		},
		// Which address it was that answered does not matter: a command talks to one registry.
		GotFirstResponseByte: stop,
	}), stop
}

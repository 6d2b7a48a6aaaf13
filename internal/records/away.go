package records

import (
	"context"
	"net"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// away tells, once until one answers again, that no connection to a broker can be made. Before it is armed it tells
// nothing: a broker that is down at the start is an error.
type away struct {
	ctx         context.Context // once it has ended, connections are broken off and not refused
	tell        func(error)
	armed, told atomic.Bool
}

func (a *away) OnBrokerConnect(_ kgo.BrokerMetadata, _ time.Duration, _ net.Conn, err error) {
	switch {
	case err == nil:
		a.told.Store(false)
	case a.tell != nil && a.armed.Load() && a.ctx.Err() == nil && a.told.CompareAndSwap(false, true):
		a.tell(err)
	}
}

package stream_test

import (
	"context"
	"errors"
	"net"
)

// mortal returns a dialer whose connections break when dead is closed, and which makes no new ones then: to the broker
// the program has been killed.
func mortal(dead <-chan struct{}) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		select {
		case <-dead:
			return nil, errors.New("dead")
		default:
		}
		conn, err := new(net.Dialer).DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(closed(dead), func() { conn.Close() })
		return conn, nil
	}
}

// closed returns a context that ends when ch is closed.
func closed(ch <-chan struct{}) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-ch; cancel() }()
	return ctx
}

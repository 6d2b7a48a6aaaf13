package devenv

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// Listen opens the address that flag was given for, so that a failure can say which flag to change.
func Listen(flag, addr string) (net.Listener, error) {
	ln, err := net.Listen("tcp", addr)
	switch {
	case err == nil:
		return ln, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s %s: the address is in use (another avow dev?): choose another port, or %s %s for any free one",
			flag, addr, flag, net.JoinHostPort(hostOf(addr), "0"))
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("%s %s: not allowed to listen there: choose a port above 1023", flag, addr)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return nil, fmt.Errorf("%s %s: this machine has no such address: give one of its own, such as 127.0.0.1 or 0.0.0.0", flag, addr)
	}
	return nil, fmt.Errorf("%s %q: %w: want HOST:PORT, such as %s", flag, addr, err, example(flag))
}

// example returns an address as a flag is mostly given it.
func example(flag string) string {
	switch flag {
	case "--registry":
		return DefaultRegistry
	case "--ui":
		return DefaultUI
	}
	return DefaultKafka
}

// hostOf returns the host of host:port, 127.0.0.1 where there is none.
func hostOf(addr string) string {
	if host, _, err := net.SplitHostPort(addr); err == nil && host != "" {
		return host
	}
	return "127.0.0.1"
}

// reachable returns the address under which ln is to be told to clients: its own port at host. An empty host stands
// for the one that was asked for in addr, or localhost where that was every address of the machine.
func reachable(ln net.Listener, addr, host string) string {
	if host == "" {
		host, _, _ = net.SplitHostPort(addr)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	return net.JoinHostPort(host, port)
}

// advertised is a listener that goes by another address: kfake tells clients whatever Addr returns.
type advertised struct {
	net.Listener
	addr string
}

func (l advertised) Addr() net.Addr  { return l }
func (l advertised) Network() string { return "tcp" }
func (l advertised) String() string  { return l.addr }

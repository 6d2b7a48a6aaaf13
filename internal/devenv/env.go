package devenv

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/avow-events/avow/registry/embedded"
)

// Where a development environment listens unless told otherwise.
const (
	DefaultKafka    = "127.0.0.1:9092"
	DefaultRegistry = "127.0.0.1:8081"
	DefaultUI       = "127.0.0.1:8080"
)

// Config says where an environment listens and keeps its data. The zero Config listens on the default ports and
// forgets everything when it is closed.
type Config struct {
	// Kafka, Registry and UI are the addresses to listen on, as host:port; port 0 is any free port. Empty is
	// DefaultKafka, DefaultRegistry and DefaultUI.
	Kafka, Registry, UI string
	// Advertise is the host that Kafka clients are told to connect to. Empty is the host of Kafka, localhost where
	// that is every address of the machine.
	Advertise string
	// DataDir is where broker and registry keep their state, made where it is missing; no two environments may use
	// one at a time. Empty is a temporary directory, removed by Close.
	DataDir string
	// Partitions of a topic that is created by its first use, 6 where zero.
	Partitions int
	// CleanEvery is how often the broker applies compaction and retention, a minute where zero.
	CleanEvery time.Duration
	// Log receives warnings and errors of broker and registry, slog.Default() where nil.
	Log *slog.Logger
}

// Env is a running environment.
type Env struct {
	// Kafka is the bootstrap address for clients, as host:port. Registry and UI are URLs without a final slash.
	Kafka, Registry, UI string
	// DataDir is the directory in use; Ephemeral tells that Close removes it.
	DataDir   string
	Ephemeral bool

	started  time.Time
	dir      *dataDir
	broker   *broker
	registry *embedded.Registry
	servers  []*http.Server

	serving   sync.WaitGroup
	mu        sync.Mutex
	serveErrs []error
	closeOnce sync.Once
	closeErr  error
}

// Start opens the three addresses, starts what answers on them and returns when all do. ctx bounds the start alone:
// the environment runs until [Env.Close]. On an error nothing is left running, and the error names the flag that
// would mend it.
func Start(ctx context.Context, cfg Config) (_ *Env, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	log := cfg.Log
	if log == nil {
		log = slog.Default()
	}
	e := &Env{started: time.Now()}
	var listeners []net.Listener
	defer func() {
		if err != nil {
			for _, ln := range listeners {
				ln.Close()
			}
			e.Close()
		}
	}()

	addrs := [...]struct{ flag, addr string }{
		{"--kafka", cmp.Or(cfg.Kafka, DefaultKafka)},
		{"--registry", cmp.Or(cfg.Registry, DefaultRegistry)},
		{"--ui", cmp.Or(cfg.UI, DefaultUI)},
	}
	var reach [len(addrs)]string
	for i, a := range addrs {
		ln, err := Listen(a.flag, a.addr)
		if err != nil {
			return nil, err
		}
		listeners = append(listeners, ln)
		reach[i] = reachable(ln, a.addr, "")
	}

	if e.dir, err = openDataDir(cfg.DataDir); err != nil {
		return nil, err
	}
	e.DataDir, e.Ephemeral = e.dir.path, e.dir.temporary

	e.Kafka = reachable(listeners[0], addrs[0].addr, cfg.Advertise)
	kafkaDir, err := e.dir.sub("kafka")
	if err != nil {
		return nil, err
	}
	e.broker, err = startBroker(advertised{listeners[0], e.Kafka}, kafkaDir,
		cmp.Or(cfg.Partitions, 6), cmp.Or(cfg.CleanEvery, time.Minute), log)
	if err != nil {
		return nil, err
	}

	registryDir, err := e.dir.sub("registry")
	if err != nil {
		return nil, err
	}
	e.registry, err = embedded.New(embedded.Data(registryDir), embedded.Log(log))
	if err != nil {
		return nil, fmt.Errorf("start registry on %s: %w", registryDir, err)
	}

	e.Registry = "http://" + reach[1]
	e.serve(listeners[1], e.registry)
	e.UI = "http://" + reach[2]
	e.serve(listeners[2], statusPage{e})
	return e, nil
}

// serve answers HTTP on ln until Close.
func (e *Env) serve(ln net.Listener, h http.Handler) {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	e.servers = append(e.servers, srv)
	e.serving.Go(func() {
		if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.serveErrs = append(e.serveErrs, fmt.Errorf("serve %s: %w", ln.Addr(), err))
		}
	})
}

// Close lets requests in flight finish, for five seconds at most, stops broker and registry and writes their state to
// the data directory. It may be called more than once.
func (e *Env) Close() error {
	e.closeOnce.Do(func() { e.closeErr = e.close() })
	return e.closeErr
}

func (e *Env) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for _, srv := range e.servers {
		if srv.Shutdown(ctx) != nil {
			srv.Close()
		}
	}
	e.serving.Wait()
	if e.broker != nil {
		e.broker.close()
	}
	errs := e.serveErrs
	if e.registry != nil {
		errs = append(errs, e.registry.Close())
	}
	if e.dir != nil {
		errs = append(errs, e.dir.close())
	}
	return errors.Join(errs...)
}

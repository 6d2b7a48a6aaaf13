package devenv

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/avow-events/avow/registry"
)

// status is what the page shows, as JSON at /status.json.
type status struct {
	Kafka    string        `json:"kafka"`
	Registry string        `json:"registry"`
	DataDir  string        `json:"dataDir"`
	Uptime   string        `json:"uptime"`
	Topics   []topicStatus `json:"topics"`
	Subjects []string      `json:"subjects"`
}

// topicStatus is one topic of the broker. Records counts what is still there, Bytes what it takes on disk.
type topicStatus struct {
	Name       string `json:"name"`
	Partitions int    `json:"partitions"`
	Records    int64  `json:"records"`
	Bytes      int64  `json:"bytes"`
}

//go:embed status.html
var statusHTML string

var statusTemplate = template.Must(template.New("status").Parse(statusHTML))

// statusPage answers GET / with a page and GET /status.json with the same as JSON.
type statusPage struct{ env *Env }

func (p statusPage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	if r.URL.Path != "/" && r.URL.Path != "/status.json" {
		http.NotFound(w, r)
		return
	}
	s, err := p.env.status(r.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	if r.URL.Path == "/status.json" {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(s)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	statusTemplate.Execute(w, s)
}

func (e *Env) status(ctx context.Context) (*status, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	topics, err := e.topics(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask the broker for its topics: %w", err)
	}
	subjects, err := e.subjects(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask the registry for its subjects: %w", err)
	}
	return &status{
		Kafka:    e.Kafka,
		Registry: e.Registry,
		DataDir:  e.DataDir,
		Uptime:   time.Since(e.started).Round(time.Second).String(),
		Topics:   topics,
		Subjects: subjects,
	}, nil
}

// subjects lists the registry's subjects, asked for over HTTP as any client would.
func (e *Env) subjects(ctx context.Context) ([]string, error) {
	client, err := registry.New(e.Registry)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	return client.Subjects(ctx)
}

// topics lists the broker's topics by name. kfake has no call for it, so it is asked as any client would.
func (e *Env) topics(ctx context.Context) ([]topicStatus, error) {
	client, err := kgo.NewClient(kgo.SeedBrokers(e.Kafka))
	if err != nil {
		return nil, err
	}
	defer client.Close()
	req := kmsg.NewPtrMetadataRequest()
	req.AllowAutoTopicCreation = false
	resp, err := req.RequestWith(ctx, client)
	if err != nil {
		return nil, err
	}
	out := make([]topicStatus, 0, len(resp.Topics))
	for _, t := range resp.Topics {
		if err := kerr.ErrorForCode(t.ErrorCode); err != nil || t.Topic == nil {
			continue // deleted meanwhile
		}
		s := topicStatus{Name: *t.Topic}
		for _, p := range e.broker.partitions(s.Name) {
			s.Partitions++
			s.Records += p.HighWatermark - p.LogStartOffset
			s.Bytes += p.NumBytes
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b topicStatus) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

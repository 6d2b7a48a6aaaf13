package devenv_test

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/internal/devenv"
)

// createCompacted makes a topic of one partition that is compacted.
func createCompacted(t *testing.T, cl *kgo.Client, topic string) {
	t.Helper()
	policy := "compact"
	_, err := kadm.NewClient(cl).CreateTopic(t.Context(), 1, -1, map[string]*string{"cleanup.policy": &policy}, topic)
	if err != nil {
		t.Fatal(err)
	}
}

// count reads a topic of one partition to its end and returns how many records are left.
func count(t *testing.T, env *devenv.Env, topic string) int {
	t.Helper()
	cl := client(t, env, kgo.ConsumeTopics(topic))
	ends, err := kadm.NewClient(cl).ListEndOffsets(t.Context(), topic)
	if err != nil {
		t.Fatal(err)
	}
	end, _ := ends.Lookup(topic, 0)
	for n := 0; ; {
		for _, r := range cl.PollFetches(t.Context()).Records() {
			n++
			if r.Offset == end.Offset-1 {
				return n
			}
		}
		if t.Context().Err() != nil {
			t.Fatal("cancelled")
		}
	}
}

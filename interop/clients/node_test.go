package clients_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/interop/internal/tool"
	"github.com/avow-events/avow/stream"
)

// TestNode goes through the two Avro serializers of JavaScript. That of kafkajs knows the prefix alone.
func TestNode(t *testing.T) {
	node, dir := tool.Node(t, "node/package.json")
	for _, c := range []struct {
		client   string
		framings []string
		lacking  func(*answers)
	}{
		{"confluentinc", []string{"prefix", "header"}, nil},
		{"kafkajs", []string{"prefix"}, func(want *answers) {
			want.Compatible, want.ByID, want.References, want.Level, want.Subjects = nil, "", nil, "", nil
			want.Deleted, want.Undeleted, want.Left = nil, 0, nil
		}},
	} {
		b := bridge{
			client: c.client,
			command: func(t *testing.T) *exec.Cmd {
				cmd := exec.CommandContext(t.Context(), node, "node/bridge.cjs")
				cmd.Env = append(os.Environ(), "BRIDGE_MODULES="+dir)
				return cmd
			},
			form: avroJSON,
			// kafkajs reads gzip, and Snappy, our default, with another package alone.
			options: []stream.ProducerOption{stream.KafkaOptions(kgo.ProducerBatchCompression(kgo.GzipCompression()))},
		}
		t.Run(c.client+" calls", func(t *testing.T) { callAll(t, b, c.lacking) })
		for _, framing := range c.framings {
			t.Run(c.client+" "+framing, func(t *testing.T) {
				exchangeAll(t, b, framing)
				exchangeTexts(t, b, framing)
			})
		}
	}
}

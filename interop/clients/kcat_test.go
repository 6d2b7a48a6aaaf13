package clients_test

import (
	"bytes"
	"encoding/binary"
	"os/exec"
	"testing"

	"github.com/avow-events/avow/gen/orders"
	"github.com/avow-events/avow/interop/internal/dev"
	"github.com/avow-events/avow/interop/internal/shop"
	"github.com/avow-events/avow/interop/internal/tool"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/stream"
)

// TestKcat lists topics and reads what our producer wrote, to the byte: framing, key and headers.
func TestKcat(t *testing.T) {
	kcat := tool.Find(t, "kcat", "Debian: apt-get install kcat")
	ctx, env := t.Context(), dev.Start(t)
	dev.Avow(t, "apply", "--registry", env.Registry, "--quiet")
	producer, err := stream.NewProducer[orders.OrderCreated](ctx, "orders", stream.Brokers(env.Kafka),
		stream.Registry(client(t, env.Registry)), stream.Subject(registry.TopicRecordName), stream.CreateTopics())
	if err != nil {
		t.Fatal(err)
	}
	order := shop.Orders()["zero"]
	message := stream.Message[orders.OrderCreated]{Key: []byte("customer"), Value: order, Headers: []stream.Header{{Key: "trace", Value: []byte("7")}}}
	if err := producer.ProduceMessage(ctx, message, func(err error) {
		if err != nil {
			t.Error(err)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if err := producer.Close(ctx); err != nil {
		t.Fatal(err)
	}

	list, err := exec.CommandContext(ctx, kcat, "-b", env.Kafka, "-L").CombinedOutput()
	if err != nil || !bytes.Contains(list, []byte(`topic "orders" with 6 partitions`)) {
		t.Errorf("kcat -L: %v\n%s", err, list)
	}
	value, err := order.AppendAvro(binary.BigEndian.AppendUint32([]byte{0}, uint32(producer.Schema().ID)))
	if err != nil {
		t.Fatal(err)
	}
	want := "customer|trace=7|" + string(value)
	got, err := exec.CommandContext(ctx, kcat, "-b", env.Kafka, "-C", "-t", "orders", "-e", "-q", "-f", "%k|%h|%s").Output()
	if err != nil || string(got) != want {
		t.Errorf("kcat -C: %v\ngot  %q\nwant %q", err, got, want)
	}
}

// TestKcatGroup joins a group, commits and resumes.
func TestKcatGroup(t *testing.T) {
	kcat := tool.Find(t, "kcat", "Debian: apt-get install kcat")
	env := dev.Start(t)
	produce := func(text string) {
		cmd := exec.CommandContext(t.Context(), kcat, "-b", env.Kafka, "-P", "-t", "lines", "-X", "enable.idempotence=true", "-z", "zstd")
		cmd.Stdin = bytes.NewBufferString(text)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("kcat -P: %v\n%s", err, out)
		}
	}
	consume := func(count string) string {
		out, err := exec.CommandContext(t.Context(), kcat, "-b", env.Kafka, "-q", "-X", "auto.offset.reset=earliest", "-c", count, "-G", "readers", "lines").Output()
		if err != nil {
			t.Fatalf("kcat -G: %v", err)
		}
		return string(out)
	}
	produce("first\n")
	if got := consume("1"); got != "first\n" {
		t.Errorf("got %q", got)
	}
	produce("second\n")
	if got := consume("1"); got != "second\n" {
		t.Errorf("after resuming, got %q", got)
	}
}

package kafka_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/gen/telemetry"
	"github.com/avow-events/avow/interop/internal/dev"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/stream"
)

const topic = "events"

// TestMain is the tests' or, where memberEnv is set, a member of the group: a process that can be killed.
func TestMain(m *testing.M) {
	if os.Getenv(memberEnv) == "" {
		dev.Main(m)
	}
	if err := member(os.Getenv(memberEnv), os.Getenv(kafkaEnv), os.Getenv(registryEnv), os.Getenv(logEnv)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// How a member is told its name, the addresses and the file to write to.
const memberEnv, kafkaEnv, registryEnv, logEnv = "INTEROP_MEMBER", "INTEROP_KAFKA", "INTEROP_REGISTRY", "INTEROP_LOG"

// member handles events and appends a line "name key sequence" for each to a file that all members share, so that the
// file has the order in which the group handled them.
func member(name, kafka, registryURL, file string) error {
	reg, err := registry.New(registryURL)
	if err != nil {
		return err
	}
	log, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	c, err := stream.NewConsumer("readers", stream.Brokers(kafka), stream.Registry(reg),
		stream.KafkaOptions(kgo.SessionTimeout(6*time.Second))) // the least that Kafka takes
	if err != nil {
		return err
	}
	stream.Handle(c, topic, func(_ context.Context, m stream.Message[telemetry.ApplicationEvent]) error {
		time.Sleep(time.Millisecond) // so that others come while there is work to share
		_, err := fmt.Fprintf(log, "%s %s %d\n", name, m.Key, m.Value.UptimeNs)
		return err
	})
	return c.Run(context.Background())
}

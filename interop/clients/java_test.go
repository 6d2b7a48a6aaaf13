package clients_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/avow-events/avow/interop/internal/dev"
	"github.com/avow-events/avow/interop/internal/tool"
)

// TestJavaTools runs the command line tools of Apache Kafka, and with them kafka-clients' Admin, against avow dev.
func TestJavaTools(t *testing.T) {
	java, classpath := tool.Java(t, 17), tool.Classpath(t, "../kafka/pom.xml")
	env := dev.Start(t)
	// run starts a tool and wants text in what it says.
	run := func(stdin, class, flags string, want ...string) {
		t.Helper()
		args := append([]string{"-cp", classpath, "org.apache.kafka.tools." + class, "--bootstrap-server", env.Kafka}, strings.Fields(flags)...)
		cmd := exec.CommandContext(t.Context(), java, args...)
		cmd.Stdin = strings.NewReader(stdin)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s %s: %v\n%s", class, flags, err, out)
		}
		for _, text := range want {
			if !strings.Contains(string(out), text) {
				t.Errorf("%s %s: no %q in\n%s", class, flags, text, out)
			}
		}
	}
	run("", "TopicCommand", "--create --topic lines --partitions 3 --replication-factor 1 --config cleanup.policy=compact", "Created topic lines.")
	run("", "TopicCommand", "--list", "lines")
	run("", "TopicCommand", "--describe --topic lines", "PartitionCount: 3", "cleanup.policy=compact", "Partition: 2")
	run("", "TopicCommand", "--alter --topic lines --partitions 4")
	run("", "TopicCommand", "--describe --topic lines", "PartitionCount: 4")
	run("a:1\nb:2\nc:3\n", "ConsoleProducer", "--topic lines --reader-property parse.key=true --reader-property key.separator=:")
	run("", "consumer.ConsoleConsumer", "--topic lines --from-beginning --max-messages 3 --timeout-ms 20000 --group readers", "1", "2", "3")
	run("", "consumer.group.ConsumerGroupCommand", "--list", "readers")
	run("", "consumer.group.ConsumerGroupCommand", "--describe --group readers", "readers", "lines")
	run("", "consumer.group.ConsumerGroupCommand", "--reset-offsets --to-earliest --group readers --topic lines --execute", "readers")
	run("", "consumer.ConsoleConsumer", "--topic lines --max-messages 3 --timeout-ms 20000 --group readers", "Processed a total of 3 messages")
	run("", "GetOffsetShell", "--topic lines", "lines:3:")
	run("", "TopicCommand", "--delete --topic lines")
}

package clients_test

import (
	"os"
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

// TestJava goes through Confluent's serializers for Java, which Maven has only where its settings name Confluent's
// repository or a mirror of it.
func TestJava(t *testing.T) {
	b := compiled(t, "java/confluent")
	t.Run("calls", func(t *testing.T) { callAll(t, b, nil) })
	for _, framing := range []string{"prefix", "header"} {
		t.Run(framing, func(t *testing.T) {
			exchangeAll(t, b, framing)
			exchangeTexts(t, b, framing)
			t.Run("keys", func(t *testing.T) { exchangeKeys(t, b, framing) })
		})
	}
}

// TestFlink goes through Apache Flink's format for Confluent's registry, and so through Confluent's Java client of version
// 7.5.3, to a registry of today. It knows the prefix alone.
func TestFlink(t *testing.T) {
	b := compiled(t, "java/flink")
	exchangeAll(t, b, "prefix")
	exchangeTexts(t, b, "prefix")
}

// compiled returns the bridge of a folder that holds a pom.xml and Bridge.java.
func compiled(t *testing.T, dir string) bridge {
	t.Helper()
	java, classpath := tool.Java(t, 17), tool.Classpath(t, dir+"/pom.xml")
	classes := t.TempDir()
	javac := exec.CommandContext(t.Context(), java, "-m", "jdk.compiler/com.sun.tools.javac.Main", "-proc:none", "-cp", classpath, "-d", classes, dir+"/Bridge.java")
	switch out, err := javac.CombinedOutput(); {
	case strings.Contains(string(out), "jdk.compiler not found"):
		tool.Missing(t, "%s runs programs and compiles none: install a JDK (Debian: apt-get install default-jdk-headless)", java)
	case err != nil:
		t.Fatalf("javac: %v\n%s", err, out)
	}
	return bridge{
		client: dir,
		command: func(t *testing.T) *exec.Cmd {
			return exec.CommandContext(t.Context(), java, "-cp", classes+string(os.PathListSeparator)+classpath, "Bridge")
		},
		form: avroJSON,
	}
}

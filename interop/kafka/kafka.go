// Package kafka runs a broker of Apache Kafka from Maven coordinates, for tests.
package kafka

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/avow-events/avow/interop/internal/dev"
	"github.com/avow-events/avow/interop/internal/tool"
)

// readyTimeout is generous: a broker starts in two seconds on a machine that does nothing else.
const readyTimeout = time.Minute

// properties are those of one node that is broker and controller.
const properties = `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@%[2]s
listeners=PLAINTEXT://%[1]s,CONTROLLER://%[2]s
advertised.listeners=PLAINTEXT://%[1]s
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=%[3]s
num.partitions=6
auto.create.topics.enable=true
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=5
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=5
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
`

// logging says when the broker is up, and what goes wrong.
const logging = `status=error
appender.c.type=Console
appender.c.name=C
appender.c.layout.type=PatternLayout
appender.c.layout.pattern=[%d] %p %m (%c)%n
rootLogger.level=warn
rootLogger.appenderRef.c.ref=C
logger.up.name=kafka.server.KafkaRaftServer
logger.up.level=info
`

// Start runs a broker until the test ends and returns its address. Topics are created on first use, with 6 partitions.
// The test is skipped where java or mvn is missing.
func Start(t testing.TB) (addr string) {
	t.Helper()
	java, classpath := tool.Java(t, 17), tool.Classpath(t, filepath.Join(dev.Root, "interop/kafka/pom.xml"))
	dir := t.TempDir()
	addr = dev.FreeAddr(t)
	config, log4j := filepath.Join(dir, "server.properties"), filepath.Join(dir, "log4j2.properties")
	for file, text := range map[string]string{
		config: fmt.Sprintf(properties, addr, dev.FreeAddr(t), filepath.Join(dir, "data")),
		log4j:  logging,
	} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	storage := func(args ...string) string {
		out, err := exec.Command(java, append([]string{"-cp", classpath, "kafka.tools.StorageTool"}, args...)...).Output()
		if err != nil {
			t.Fatalf("kafka.tools.StorageTool %s: %v\n%s", args[0], err, out)
		}
		return strings.TrimSpace(string(out))
	}
	storage("format", "-t", storage("random-uuid"), "-c", config)

	cmd := exec.Command(java, "-Xms256m", "-Xmx512m", "-Dlog4j2.configurationFile="+log4j, "-cp", classpath, "kafka.Kafka", config)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	up, ended := make(chan struct{}), make(chan struct{})
	var said bytes.Buffer
	go func() {
		defer close(ended)
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			fmt.Fprintln(&said, lines.Text())
			if strings.Contains(lines.Text(), "Kafka Server started") {
				close(up)
			}
		}
	}()
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		<-ended
		cmd.Wait() // Java says 143 of a stop that was asked for
	})
	select {
	case <-up:
	case <-ended:
		t.Fatalf("Kafka ended:\n%s", said.String())
	case <-time.After(readyTimeout):
		t.Fatalf("Kafka is not up after %s", readyTimeout)
	}
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	return addr
}

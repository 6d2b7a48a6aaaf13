package clients_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os/exec"
	"testing"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/interop/internal/dev"
	"github.com/avow-events/avow/stream"
)

func TestMain(m *testing.M) { dev.Main(m) }

// bridge is a program that produces or consumes through somebody else's client.
type bridge struct {
	// client is the name by which the program knows the client, where it knows several.
	client string
	// command makes a process; the job comes as its last argument.
	command func(t *testing.T) *exec.Cmd
	// form is the JSON in which events pass.
	form form
	// options are those without which our producer writes what the client cannot read.
	options []stream.ProducerOption
}

// form writes and reads events as JSON.
type form struct {
	write func(codec.Message) ([]byte, error)
	read  func([]byte, codec.Message) error
	// flags are those with which the commands avow produce and avow consume take it.
	flags []string
}

// plain is avow's own JSON: decimals and times as text.
var plain = form{
	write: codec.MarshalJSON,
	read:  codec.UnmarshalJSON,
}

// avroJSON is Avro's JSON encoding: decimals and times as the numbers and bytes that stand for them.
var avroJSON = form{
	flags: []string{"--avro-json"},
	write: func(m codec.Message) ([]byte, error) {
		s, err := avsc.Parse(m.AvroSchema().FullName(), []byte(m.AvroSchema().String()))
		if err != nil {
			return nil, err
		}
		b, err := m.AppendAvro(nil)
		if err != nil {
			return nil, err
		}
		return codec.ToJSON(s, b, codec.AvroJSON())
	},
	read: func(text []byte, m codec.Message) error {
		s, err := avsc.Parse(m.AvroSchema().FullName(), []byte(m.AvroSchema().String()))
		if err != nil {
			return err
		}
		b, err := codec.FromJSON(s, text, codec.AvroJSON())
		if err != nil {
			return err
		}
		return m.DecodeAvro(b)
	},
}

// job is what a bridge is told.
type job struct {
	Do       string `json:"do"` // produce, consume or call
	Client   string `json:"client"`
	Kafka    string `json:"kafka"`
	Registry string `json:"registry"`
	Topic    string `json:"topic"`
	Framing  string `json:"framing"` // prefix or header
	Naming   string `json:"naming"`  // TopicName or TopicRecordName
	Register bool   `json:"register"`
	Schema   string `json:"schema"` // self-contained
	Record   string `json:"record"` // full name
	Count    int    `json:"count"`
	// KeySchema is that of the keys, self-contained, where they have one: they are in the subject of the topic's keys.
	KeySchema string `json:"keySchema"`
	// Schemas are what to call a registry with.
	Schemas map[string]string `json:"schemas"`
}

// line is how an event passes.
type line struct {
	Key      string          `json:"key,omitempty"`
	KeyValue json.RawMessage `json:"keyValue,omitempty"` // of a key that has a schema
	Value    json.RawMessage `json:"value"`
}

// run has the bridge do a job, and returns the lines that it wrote.
func (b bridge) run(t *testing.T, j job, events []line) []line {
	t.Helper()
	out, said, err := b.start(t, j, events)
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", b.client, j.Do, err, said)
	}
	if j.Do == "consume" && len(out) == 0 {
		t.Fatalf("%s consumed nothing:\n%s", b.client, said)
	}
	var lines []line
	scanner := bufio.NewScanner(bytes.NewReader(out))
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var l line
		if err := json.Unmarshal(scanner.Bytes(), &l); err != nil {
			t.Fatalf("%s wrote %s: %v", b.client, scanner.Bytes(), err)
		}
		lines = append(lines, l)
	}
	return lines
}

// fail has the bridge do a job that its client cannot do, and returns what it said.
func (b bridge) fail(t *testing.T, j job, events []line) string {
	t.Helper()
	_, said, err := b.start(t, j, events)
	if err == nil {
		t.Errorf("%s %s: done", b.client, j.Do)
	}
	return said
}

func (b bridge) start(t *testing.T, j job, events []line) (out []byte, said string, err error) {
	t.Helper()
	j.Client = b.client
	text, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	var in, stdout, stderr bytes.Buffer
	encoder := json.NewEncoder(&in)
	for _, event := range events {
		if err := encoder.Encode(event); err != nil {
			t.Fatal(err)
		}
	}
	cmd := b.command(t)
	cmd.Args = append(cmd.Args, string(text))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &stdout, &stderr
	err = cmd.Run()
	return stdout.Bytes(), stderr.String(), err
}

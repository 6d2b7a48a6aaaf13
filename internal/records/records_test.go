package records_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/internal/kafka"
	"github.com/avow-events/avow/internal/records"
)

// broker starts a broker with one topic of that many partitions and returns its address and a client of it.
func broker(t *testing.T, topic string, partitions int32) (string, *kgo.Client) {
	t.Helper()
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(partitions, topic), kfake.DataDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	address := cluster.ListenAddrs()[0]
	client, err := kgo.NewClient(kgo.SeedBrokers(address), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.DefaultProduceTopic(topic))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return address, client
}

// start is the timestamp of the first record that fill writes; the others follow a second apart.
var start = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// fill writes records with the values 0, 1, 2, … to the partitions in turn, a second apart.
func fill(t *testing.T, client *kgo.Client, partitions int32, values ...int) {
	t.Helper()
	for _, v := range values {
		r := &kgo.Record{
			Partition: int32(v) % partitions, Value: fmt.Append(nil, v), Timestamp: start.Add(time.Duration(v) * time.Second),
		}
		if err := client.ProduceSync(t.Context(), r).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
}

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// read returns the values of a range, in the order in which they came.
func read(t *testing.T, address, topic string, r records.Range) []string {
	t.Helper()
	var got []string
	err := records.Read(t.Context(), kafka.Connection{Brokers: []string{address}}, topic, r, func(r *records.Record) error {
		got = append(got, string(r.Value))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestRanges(t *testing.T) {
	address, client := broker(t, "numbers", 3)
	fill(t, client, 3, upTo(30)...)
	for name, tt := range map[string]struct {
		in   records.Range
		want []int
	}{
		"all":            {records.Range{UntilEnd: true}, upTo(30)},
		"from the end":   {records.Range{From: records.End(), UntilEnd: true}, nil},
		"from an offset": {records.Range{From: records.AtOffset(8), UntilEnd: true}, upTo(30)[24:]},
		"from too far":   {records.Range{From: records.AtOffset(1000), UntilEnd: true}, nil},
		"since":          {records.Range{From: records.Since(start.Add(20 * time.Second)), UntilEnd: true}, upTo(30)[20:]},
		"since tomorrow": {records.Range{From: records.Since(start.Add(24 * time.Hour)), UntilEnd: true}, nil},
		"last":           {records.Range{Last: 5}, upTo(30)[25:]},
		"last of few":    {records.Range{From: records.AtOffset(9), Last: 5}, upTo(30)[27:]},
		"last of all":    {records.Range{Last: 100}, upTo(30)},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, address, "numbers", tt.in)
			var want []string
			for _, v := range tt.want {
				want = append(want, fmt.Sprint(v))
			}
			if tt.in.Last == 0 { // partitions come in any order
				slices.Sort(got)
				slices.Sort(want)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestMarks holds that the marks of transactions, which take up offsets, neither hide records nor keep Read waiting.
func TestMarks(t *testing.T) {
	address, _ := broker(t, "marked", 1)
	client, err := kgo.NewClient(kgo.SeedBrokers(address), kgo.DefaultProduceTopic("marked"), kgo.TransactionalID("t"))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for i := range 10 {
		if err := client.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		client.Produce(t.Context(), &kgo.Record{Value: fmt.Append(nil, i)}, nil)
		if err := client.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := client.EndTransaction(t.Context(), kgo.TransactionEndTry(i%5 != 4)); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	if diff := cmp.Diff([]string{"0", "1", "2", "3", "5", "6", "7", "8"}, read(t, address, "marked", records.Range{UntilEnd: true})); diff != "" {
		t.Errorf("committed (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"6", "7", "8"}, read(t, address, "marked", records.Range{Last: 3})); diff != "" {
		t.Errorf("last (-want +got)\n%s", diff)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %v: the end was not seen", took)
	}
}

func TestFollow(t *testing.T) {
	address, client := broker(t, "numbers", 2)
	fill(t, client, 2, upTo(4)...)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	seen := make(chan string, 10)
	done := make(chan error, 1)
	go func() {
		done <- records.Read(ctx, kafka.Connection{Brokers: []string{address}}, "numbers", records.Range{From: records.AtOffset(2)}, func(r *records.Record) error {
			seen <- string(r.Value)
			return nil
		})
	}()
	fill(t, client, 2, 4, 5)
	got := []string{<-seen, <-seen}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"4", "5"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("stopped with %v", err)
	}
}

func TestGroup(t *testing.T) {
	address, client := broker(t, "numbers", 2)
	fill(t, client, 2, upTo(6)...)
	group := records.Range{Group: "readers", UntilEnd: true}
	stop := errors.New("stop")

	// What was not handled is not counted as read.
	n := 0
	err := records.Read(t.Context(), kafka.Connection{Brokers: []string{address}}, "numbers", group, func(*records.Record) error {
		if n++; n > 4 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) {
		t.Fatalf("got %v, want the error of fn", err)
	}
	if got := read(t, address, "numbers", group); len(got) != 2 {
		t.Errorf("second run: %q, want the two that were left", got)
	}
	if got := read(t, address, "numbers", group); got != nil {
		t.Errorf("third run: %q, want nothing", got)
	}
	fill(t, client, 2, 6)
	if diff := cmp.Diff([]string{"6"}, read(t, address, "numbers", group)); diff != "" {
		t.Errorf("fourth run (-want +got)\n%s", diff)
	}
	if got := read(t, address, "numbers", records.Range{Group: "late", From: records.End(), UntilEnd: true}); got != nil {
		t.Errorf("a new group at the end: %q, want nothing", got)
	}
	group.Last = 1
	if err := records.Read(t.Context(), kafka.Connection{Brokers: []string{address}}, "numbers", group, nil); err == nil {
		t.Error("the last records of a group were read")
	}
}

// TestDeleted reads a topic whose first records are gone.
func TestDeleted(t *testing.T) {
	address, client := broker(t, "numbers", 1)
	fill(t, client, 1, upTo(10)...)
	var gone kadm.Offsets
	gone.Add(kadm.Offset{Topic: "numbers", Partition: 0, At: 7})
	if _, err := kadm.NewClient(client).DeleteRecords(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"7", "8", "9"}, read(t, address, "numbers", records.Range{From: records.AtOffset(2), UntilEnd: true})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestReadErrors(t *testing.T) {
	address, _ := broker(t, "orders", 1)
	err := records.Read(t.Context(), kafka.Connection{Brokers: []string{address}}, "ordrs", records.Range{}, nil)
	if want := `there is no topic "ordrs", did you mean "orders"?`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	began := time.Now()
	err = records.Read(t.Context(), kafka.Connection{Brokers: []string{"127.0.0.1:1"}}, "orders", records.Range{}, nil)
	if want := "cannot connect to Kafka at 127.0.0.1:1: "; err == nil || !strings.HasPrefix(err.Error(), want) ||
		!strings.Contains(err.Error(), "connection refused") {
		t.Errorf("got %v, want %s", err, want)
	}
	if took := time.Since(began); took > 6*time.Second {
		t.Errorf("it took %v to see that nothing is there", took)
	}
}

func TestWrite(t *testing.T) {
	address, client := broker(t, "orders", 1)
	w, err := records.NewWriter(t.Context(), kafka.Connection{Brokers: []string{address}}, "orders", 0, "")
	if err != nil {
		t.Fatal(err)
	}
	var offsets []int64
	for i := range 3 {
		w.Write(t.Context(), &records.Record{Key: []byte("k"), Value: fmt.Append(nil, i)}, func(r *records.Record, err error) {
			if err != nil {
				t.Error(err)
			}
			offsets = append(offsets, r.Offset)
		})
	}
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int64{0, 1, 2}, offsets); diff != "" {
		t.Errorf("offsets (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"0", "1", "2"}, read(t, address, "orders", records.Range{UntilEnd: true})); diff != "" {
		t.Errorf("values (-want +got)\n%s", diff)
	}
	for range 2 { // the second time it exists
		w, err := records.NewWriter(t.Context(), kafka.Connection{Brokers: []string{address}}, "created", 7, "")
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close(t.Context())
	}
	details, err := kadm.NewClient(client).ListTopics(t.Context(), "created")
	if err != nil {
		t.Fatal(err)
	}
	if got := len(details["created"].Partitions); got != 7 {
		t.Errorf("created with %d partitions, want 7", got)
	}
	_, err = records.NewWriter(t.Context(), kafka.Connection{Brokers: []string{address}}, "nowhere", 0, "")
	if err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a topic that nobody creates: %v", err)
	}
}

func TestParsePosition(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]records.Position{
		"beginning":                 records.Beginning(),
		"end":                       records.End(),
		"0":                         records.AtOffset(0),
		"42":                        records.AtOffset(42),
		"15m":                       records.Since(now.Add(-15 * time.Minute)),
		"2026-11-23T10:00:00Z":      records.Since(now.Add(-2 * time.Hour)),
		"2026-11-23T11:00:00+01:00": records.Since(now.Add(-2 * time.Hour)),
		"2026-11-23T10:00":          records.Since(now.Add(-2 * time.Hour)),
		"2026-11-23":                records.Since(now.Add(-12 * time.Hour)),
	} {
		got, err := records.ParsePosition(text, now)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b records.Position) bool { return a.Equal(b) })); diff != "" {
			t.Errorf("%q (-want +got)\n%s", text, diff)
		}
	}
	for _, text := range []string{"", "start", "-1", "-5m", "yesterday", "99999999999999999999"} {
		if p, err := records.ParsePosition(text, now); err == nil {
			t.Errorf("%q is %v", text, p)
		}
	}
}

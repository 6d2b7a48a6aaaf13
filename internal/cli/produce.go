package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/kafka"
	"github.com/avow-events/avow/internal/records"
)

// produceFlags are the flags of avow produce.
type produceFlags struct {
	target
	event    string
	file     string
	key      string
	keyGiven bool // tells an empty key from none
	keyFrom  string
	headers  []string
	avroJSON bool

	compression string
}

func (a *app) produceCommand() *cobra.Command {
	var flags produceFlags
	cmd := &cobra.Command{
		Use:     "produce TOPIC",
		GroupID: groupEvents,
		Short:   "Send events, given as JSON, to a topic",
		Long: `Send events, given as JSON, to a topic: one value after the other on stdin or in --file, as a
rule one a line. Each is checked against the contract of the topic's event and written as Avro
under the schema id that the registry has for it; a contract that is not registered is an error
(avow apply registers). Where each record went is printed as topic/partition@offset.

The contract is the one that avow.yaml gives the topic, by --event if there are several; for a
topic that avow.yaml does not know, the newest one registered as TOPIC-value, or with --event as
TOPIC-EVENT or EVENT. Keys are text, unless avow.yaml gives them a contract, or TOPIC-key is
registered for a topic that it does not know: then they are written by that, --key is JSON (or the
text of a string), and --key-from names a field that holds a key. From a file nothing is sent
unless every event in it is right; from a pipe each is sent when it comes.`,
		Example: `  echo '{"cents": 1999}' | avow produce prices
  avow produce orders --event shop.orders.OrderCreated --key-from customer_id --file orders.jsonl
  avow consume orders --last 1 | jq .value | avow produce orders --event shop.orders.OrderCreated --key test`,
		Args:              arguments("TOPIC"),
		ValidArgsFunction: a.completeTopics,
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := kafka.Compress(flags.compression); err != nil {
				return hint(cmd, "--%v", err)
			}
			flags.keyGiven = cmd.Flags().Changed("key")
			if err := flags.checkKey(); err != nil {
				return hint(cmd, "%v", err)
			}
			headers, err := flags.recordHeaders()
			if err != nil {
				return hint(cmd, "%v", err)
			}
			c, err := a.config()
			if err != nil {
				return err
			}
			if t, ok := c.Topic(args[0]); ok && t.Key != "" && !flags.keyGiven && flags.keyFrom == "" {
				return hint(cmd, "%v: records of %s have a key, give --key-from FIELD or --key TEXT", t.Pos, t.Name)
			}
			return a.produce(cmd.Context(), c, &flags, args[0], headers)
		},
	}
	flags.addRegistryFlags(cmd)
	flags.addKafkaFlag(cmd)
	cmd.Flags().StringVarP(&flags.event, "event", "e", "", "full or short `NAME` of the event")
	cmd.Flags().StringVarP(&flags.file, "file", "f", "", "read from `FILE` instead of stdin")
	cmd.Flags().StringVarP(&flags.key, "key", "k", "", "`TEXT` that is the key of every record, JSON where keys have a contract")
	cmd.Flags().StringVar(&flags.keyFrom, "key-from", "", "`FIELD` that holds the key, such as customer_id or metadata.event_id")
	cmd.Flags().StringArrayVar(&flags.headers, "header", nil, "header `NAME=VALUE` of every record, may be repeated")
	cmd.Flags().StringVar(&flags.compression, "compression", "", "how batches are compressed: "+strings.Join(kafka.Compressions(), ", ")+" (default snappy)")
	completeWith(cmd, "compression", kafka.Compressions())
	cmd.Flags().BoolVar(&flags.avroJSON, "avro-json", false, "events are in Avro's own JSON encoding, with tagged unions")
	return cmd
}

// produce sends what stdin or the file holds.
func (a *app) produce(ctx context.Context, c *config.Config, flags *produceFlags, topic string, headers []records.Header) error {
	brokers, err := a.brokers(c, &flags.target)
	if err != nil {
		return err
	}
	to, err := brokers.Connection()
	if err != nil {
		return err
	}
	client, err := a.registryClient(c, &flags.target)
	if err != nil {
		return err
	}
	defer client.Close()
	contract, keyContract, err := a.contractsOf(ctx, c, client, topic, flags.event)
	if err != nil {
		return err
	}
	var opts []codec.JSONOption
	if flags.avroJSON {
		opts = append(opts, codec.AvroJSON())
	}
	key, err := flags.keyOf(keyContract, opts...)
	if err != nil {
		return err
	}
	in, name := a.stdin, "stdin"
	if flags.file != "" {
		file, err := os.Open(flags.file)
		if err != nil {
			return err
		}
		defer file.Close()
		in, name = file, flags.file
	}
	events := newEventReader(name, in)
	next := func() (*records.Record, error) { return events.record(contract, key, headers, opts...) }
	regular := isRegular(in)
	if regular {
		if next, err = encodeAll(next); err != nil {
			return fmt.Errorf("%w\nNothing was sent", err)
		}
	} else {
		next = interruptible(ctx, next)
	}
	described, _ := c.Topic(topic)
	w, err := records.NewWriter(ctx, to, topic, described.Partitions, cmp.Or(flags.compression, brokers.Compression))
	if err != nil {
		return err
	}
	return a.send(ctx, w, next, !regular)
}

// isRegular reports whether all of the input is there already: it is a file and not a pipe or a terminal.
func isRegular(in io.Reader) bool {
	file, ok := in.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode().IsRegular()
}

// encodeAll calls next until io.EOF and returns a function that returns the same again, or its first error.
func encodeAll(next func() (*records.Record, error)) (func() (*records.Record, error), error) {
	var all []*records.Record
	for {
		r, err := next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return func() (*records.Record, error) {
		if len(all) == 0 {
			return nil, io.EOF
		}
		r := all[0]
		all = all[1:]
		return r, nil
	}, nil
}

// interruptible returns a function that returns the same as next, or the context's error once it has ended, although
// next goes on waiting for input that nobody gives; it ends with the process.
func interruptible(ctx context.Context, next func() (*records.Record, error)) func() (*records.Record, error) {
	type result struct {
		record *records.Record
		err    error
	}
	results := make(chan result)
	go func() {
		for {
			r, err := next()
			select {
			case results <- result{r, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return func() (*records.Record, error) {
		select {
		case r := <-results:
			return r.record, r.err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// send writes the records that next returns until io.EOF, and tells where each went; at once if somebody is waiting.
func (a *app) send(ctx context.Context, w *records.Writer, next func() (*records.Record, error), waiting bool) (err error) {
	out := bufio.NewWriter(a.out)
	sent := 0
	var failed error // as sent, the writer's until Close
	tell := func(r *records.Record, err error) {
		if err != nil {
			failed = cmp.Or(failed, fmt.Errorf("%s: not delivered: %w", r.Topic, err))
			return
		}
		if sent++; !a.quiet {
			fmt.Fprintf(out, "%s/%d@%d\n", r.Topic, r.Partition, r.Offset)
		}
		if waiting {
			out.Flush()
		}
	}
	for err == nil {
		var r *records.Record
		if r, err = next(); err == nil {
			w.Write(ctx, r, tell)
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	err = errors.Join(err, w.Close(context.WithoutCancel(ctx)), failed, out.Flush())
	// A failure before the first record says it all.
	if err == nil && !a.quiet || err != nil && sent > 0 {
		a.err.linef("%s sent", count(sent, "record"))
	}
	return err
}

package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/records"
	"github.com/avow-events/avow/internal/suggest"
)

func (a *app) consumeCommand() *cobra.Command {
	var t target
	var from, until, output string
	var avroJSON bool
	var r records.Range
	cmd := &cobra.Command{
		Use:     "consume TOPIC",
		GroupID: groupEvents,
		Short:   "Print the events of a topic, decoded",
		Long: `Print the events of a topic as JSON, one a line, decoded by the schema that each names. A key that
names a schema is decoded too, any other is text.

A record that is not Avro, or whose schema nobody knows, is printed with the reason and its bytes
in hex, and does not stop the others; the exit code is 0 all the same, and the last line on stderr
counts such records. Without --until or --last it goes on until Ctrl-C.

  --from     beginning, end, an offset (42), a moment (2026-11-23T10:00:00Z or a date alone),
             or how long ago (15m)

  -o json    one object a line: where the record stands, its key, its type, its value
  -o table   the same in columns
  -o raw     the bytes of the value in hex`,
		Example: `  avow consume orders
  avow consume orders --from beginning --until end
  avow consume orders --last 3
  avow consume orders --from 15m -o table
  avow consume orders --group debugging --from beginning`,
		Args:              arguments("TOPIC"),
		ValidArgsFunction: a.completeTopics,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			switch until {
			case "":
			case "end":
				r.UntilEnd = true
			default:
				return hint(cmd, "--until: %q is not end", until)
			}
			switch {
			case r.Last < 0:
				return hint(cmd, "--last: %d is less than 1", r.Last)
			case r.Last > 0 && r.Group != "":
				return hint(cmd, "--last and --group exclude each other: the last records are the topic's, not a group's")
			case r.Last > 0 && from == "end":
				return hint(cmd, "--last %d and --from end exclude each other: nothing is newer than the end", r.Last)
			}
			switch {
			case from != "":
				if r.From, err = records.ParsePosition(from, time.Now()); err != nil {
					return hint(cmd, "--from: %v", err)
				}
			case !r.UntilEnd && r.Last == 0:
				r.From = records.End()
			}
			if !slices.Contains(outputs, output) {
				return hint(cmd, "-o: %q is not one of %s%s", output, strings.Join(outputs, ", "), suggest.DidYouMean(output, outputs))
			}
			c, err := a.config()
			if err != nil {
				return err
			}
			var opts []codec.JSONOption
			if avroJSON {
				opts = append(opts, codec.AvroJSON())
			}
			return a.consume(cmd.Context(), c, &t, args[0], r, output, opts)
		},
	}
	t.addRegistryFlags(cmd)
	t.addKafkaFlag(cmd)
	cmd.Flags().StringVar(&from, "from", "", "`POSITION` to begin at (default end; beginning with --until or --last)")
	cmd.Flags().StringVar(&until, "until", "", "`POSITION` to stop at: end, which is the end of now")
	cmd.Flags().IntVar(&r.Last, "last", 0, "only the newest `N` records, then stop")
	cmd.Flags().StringVar(&r.Group, "group", "", "go on where the consumer group `NAME` stands, and move it on")
	cmd.Flags().StringVarP(&output, "output", "o", "json", "`FORMAT` of records: json, table, raw")
	completeWith(cmd, "output", outputs)
	completeWith(cmd, "until", []string{"end"})
	completeWith(cmd, "from", []string{"beginning", "end"})
	cmd.Flags().BoolVar(&avroJSON, "avro-json", false, "values in Avro's own JSON encoding, with tagged unions")
	return cmd
}

var outputs = []string{"json", "table", "raw"}

func (a *app) consume(ctx context.Context, c *config.Config, t *target, topic string, stretch records.Range, output string, opts []codec.JSONOption) error {
	brokers, err := a.brokers(c, t)
	if err != nil {
		return err
	}
	to, err := brokers.Connection()
	if err != nil {
		return err
	}
	client, err := a.registryClient(c, t)
	if err != nil {
		return err
	}
	defer client.Close()
	described, _ := c.Topic(topic)
	decoder := records.NewDecoder(client, opts...)
	out := bufio.NewWriter(a.out)
	view := newRecordView(out, output)
	read, unreadable := 0, 0
	if !a.quiet {
		stretch.Away = func(err error) { a.err.linef("The broker is away, waiting for it: %v", err) }
	}
	err = records.Read(ctx, to, topic, stretch, func(record *records.Record) error {
		r := shown{Record: record}
		if output != "raw" {
			r.event, r.reason = decoder.Decode(ctx, record)
			if described.Key != config.KeyString {
				r.key, r.keyReason = decoder.DecodeKey(ctx, record)
			}
		}
		for _, reason := range []error{r.reason, r.keyReason} {
			if reason != nil && records.Fatal(reason) {
				return fmt.Errorf("%s/%d@%d: %w", record.Topic, record.Partition, record.Offset, reason)
			}
		}
		read++
		if r.reason != nil || r.keyReason != nil {
			unreadable++
		}
		view(r)
		// Whoever waits for events sees each when it comes.
		if !stretch.UntilEnd && stretch.Last == 0 {
			return out.Flush()
		}
		return nil
	})
	err = errors.Join(err, out.Flush())
	if !a.quiet && (err == nil || read > 0) {
		summary := count(read, "record")
		if unreadable > 0 {
			summary += fmt.Sprintf(", %d of them not readable", unreadable)
		}
		a.err.linef("%s", summary)
	}
	return err
}

// completeTopics completes the topics that avow.yaml describes.
func (a *app) completeTopics(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	c, err := a.config()
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, t := range c.Topics {
		names = append(names, t.Name)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

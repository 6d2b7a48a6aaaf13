package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// report is what was measured, in words and tables.
type report struct {
	all    []*candidate
	rounds int
	each   time.Duration
}

func newReport(all []*candidate, rounds int, each time.Duration) *report {
	return &report{all: all, rounds: rounds, each: each}
}

var tasks = []struct{ task, event, title string }{
	{"encode", "flat", "Encode flat"},
	{"encode", "order", "Encode order"},
	{"decode", "flat", "Decode flat"},
	{"decode", "order", "Decode order"},
	{"resolve", "order", "Decode order, as an older producer wrote it"},
}

// tables returns a table for each task. Ratios are against our row of the same table.
func (r *report) tables() string {
	var b strings.Builder
	for _, t := range tasks {
		rows := r.of(t.task, t.event)
		if len(rows) == 0 {
			continue
		}
		fmt.Fprintf(&b, "### %s\n\n| codec | CPU ns/op | min … max | ratio | B/op | allocs/op |\n|---|--:|--:|--:|--:|--:|\n", t.title)
		ours := r.find(t.task, t.event, avow)
		for _, c := range rows {
			median, least, most := c.cpu()
			last := c.samples[len(c.samples)-1]
			ratio := ""
			if ours != nil {
				base, _, _ := ours.cpu()
				ratio = fmt.Sprintf("%.2f", median/base)
			}
			fmt.Fprintf(&b, "| %s | %s | %s … %s | %s | %.0f | %.0f |\n",
				c.codec, nanos(median), nanos(least), nanos(most), ratio, last.bytes, last.allocs)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func nanos(v float64) string {
	if v < 100 {
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}

func (r *report) of(task, event string) (rows []*candidate) {
	for _, c := range r.all {
		if c.task == task && c.event == event {
			rows = append(rows, c)
		}
	}
	return rows
}

func (r *report) find(task, event, codec string) *candidate {
	for _, c := range r.of(task, event) {
		if c.codec == codec {
			return c
		}
	}
	return nil
}

// ratio returns how many times more CPU another codec takes than ours, 0 where one of them was not measured.
func (r *report) ratio(task, event, codec string) float64 {
	ours, other := r.find(task, event, avow), r.find(task, event, codec)
	if ours == nil || other == nil {
		return 0
	}
	a, _, _ := ours.cpu()
	b, _, _ := other.cpu()
	return b / a
}

// fastestAvro returns the fastest rival that speaks Avro. For the order event that is one with raw types, which carry
// the same information.
func (r *report) fastestAvro(task, event string) (codec string, ratio float64) {
	for _, c := range r.of(task, event) {
		if c.floor || strings.Contains(c.codec, "avow") || strings.Contains(c.codec, "protobuf") || strings.Contains(c.codec, "json") ||
			strings.Contains(c.codec, "aliasing") {
			continue
		}
		if x := r.ratio(task, event, c.codec); codec == "" || x < ratio {
			codec, ratio = c.codec, x
		}
	}
	return codec, ratio
}

// bar is a figure that the codec is held to.
type bar struct {
	what    string
	figure  float64
	least   float64 // or, where atMost is set, the most
	atMost  bool
	against string
}

func (r *report) bars() (all []bar) {
	const vt = "protobuf, vtprotobuf"
	for _, event := range []string{"flat", "order"} {
		rival, ratio := r.fastestAvro("encode", event)
		all = append(all,
			bar{"encode " + event, ratio, 2.5, false, "the fastest Avro rival, " + rival},
			bar{"encode " + event, r.ratio("encode", event, vt), 1, false, "vtprotobuf"},
			bar{"encode " + event + " (stretch)", 1 / r.ratio("encode", event, memcpy), 25, true, "memcpy"})
	}
	for _, event := range []string{"flat", "order"} {
		rival, ratio := r.fastestAvro("decode", event)
		all = append(all,
			bar{"decode " + event, r.ratio("decode", event, "hamba/avro, generated types"), 3, false, "hamba/avro as generated"},
			bar{"decode " + event, ratio, 2, false, "the fastest Avro rival, " + rival},
			bar{"decode " + event + " (stretch)", r.ratio("decode", event, vt), 1, false, "vtprotobuf"})
	}
	// A resolver, which knows the type through an interface, makes it escape: like is compared with like.
	if direct, resolved := r.find("decode", "order", onHeap), r.find("resolve", "order", avow); direct != nil && resolved != nil {
		a, _, _ := direct.cpu()
		b, _, _ := resolved.cpu()
		all = append(all, bar{"resolved decode", b / a, 1.2, true, "direct decode of a value on the heap"})
	}
	return all
}

// losses says in words which bars are missed and why.
func (r *report) losses() string {
	var b strings.Builder
	for _, x := range r.bars() {
		switch {
		case x.atMost && x.figure > x.least:
			fmt.Fprintf(&b, "- %s takes %.2f times as long as %s, more than the %.3g that we want.\n", x.what, x.figure, x.against, x.least)
		case !x.atMost && x.figure < x.least:
			fmt.Fprintf(&b, "- %s is %.2f times as fast as %s, not the %.3g that we want.\n", x.what, x.figure, x.against, x.least)
		}
	}
	if b.Len() == 0 {
		b.WriteString("Nowhere: every bar is met.\n")
	}
	return b.String() + r.mapShare()
}

// mapShare says what of encoding an order is for its map.
func (r *report) mapShare() string {
	ours, ranging := r.find("encode", "order", avow), r.find("encode", "order", rangeMap)
	name, _ := r.fastestAvro("encode", "order")
	rival := r.find("encode", "order", name)
	if ours == nil || ranging == nil || rival == nil {
		return ""
	}
	all, _, _ := ours.cpu()
	theirs, _, _ := rival.cpu()
	alone, _, _ := ranging.cpu()
	return fmt.Sprintf(`
To range over the order's map of four entries takes %s ns by itself. avow does not: it reads the entries of a small map of
strings where they stand (codec/put_strings_small.go), except with the build tag purego. Of the %s ns of %s,
%s are left without it, against our %s.
`, nanos(alone), nanos(theirs), name, nanos(theirs-alone), nanos(all))
}

// onTheHeap says how we compare where the value that is decoded into is allocated as it is for rivals.
func (r *report) onTheHeap() string {
	var b strings.Builder
	for _, event := range []string{"flat", "order"} {
		ours := r.find("decode", event, onHeap)
		name, _ := r.fastestAvro("decode", event)
		rival := r.find("decode", event, name)
		if ours == nil || rival == nil {
			continue
		}
		a, _, _ := ours.cpu()
		c, _, _ := rival.cpu()
		fmt.Fprintf(&b, "- decode %s: %.2f× as fast as the fastest Avro rival, %s\n", event, c/a, name)
	}
	return b.String()
}

// verdicts says of each bar whether it is met.
func (r *report) verdicts() string {
	var b strings.Builder
	b.WriteString("| what | bar | measured | |\n|---|---|--:|---|\n")
	for _, x := range r.bars() {
		bound, met := fmt.Sprintf("≥ %.3g× faster than %s", x.least, x.against), x.figure >= x.least
		if x.atMost {
			bound, met = fmt.Sprintf("≤ %.3g× the time of %s", x.least, x.against), x.figure <= x.least
		}
		word := "met"
		if !met {
			word = "**missed**"
		}
		fmt.Fprintf(&b, "| %s | %s | %.2f× | %s |\n", x.what, bound, x.figure, word)
	}
	return b.String()
}

// page returns RESULTS.md.
func (r *report) page() string {
	return fmt.Sprintf(`# Results

Written by %s. %d interleaved rounds of %s each; CPU time of the process, garbage collection
included; median of the rounds, with the least and the most. Ratios are against avow in the same table; below about 1.3
they mean nothing on a machine with neighbours. Every candidate was checked to carry the same event.

Messages: flat %d bytes, order %d, order by the older producer %d.

Generated types are what the rival's own generator writes. Raw types carry uuids, times and decimals as strings, longs
and bytes: the same information, which the user then has to convert. avow decodes into uuid.UUID, time.Time and
codec.Decimal, and checks UTF-8, as no Avro rival does.

Encoders write into a buffer that they keep, with the room of the event before. Decoders declare a variable and decode
into it, as a consumer does. Where it is allocated is the codec's doing. What looks at it by reflection or through an
interface makes it escape to the heap: all rivals but vtprotobuf, and avow where its row says so, aliases, copies or
resolves. In the rows **avow** and vtprotobuf it stays on the stack, for which the bars compare them; a program that
keeps what it decodes pays as in the row on the heap, with which the bar of resolution and these figures are taken:

%s
## Bars

%s
## Where we lose

%s
## Tables

%s## Machine and versions

%s
`, "`make bench`", r.rounds, r.each, len(flatBytes), len(orderBytes), len(orderV1), r.onTheHeap(), r.verdicts(), r.losses(), r.tables(), environment())
}

func environment() string {
	var b strings.Builder
	fmt.Fprintf(&b, "- %s %s/%s, GOMAXPROCS=1 of %d CPUs, %s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), cpuModel())
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			switch m.Path {
			case "github.com/hamba/avro/v2", "github.com/twmb/avro", "github.com/linkedin/goavro/v2", "github.com/actgardner/gogen-avro/v10",
				"github.com/planetscale/vtprotobuf", "google.golang.org/protobuf":
				fmt.Fprintf(&b, "- %s %s\n", m.Path, m.Version)
			}
		}
	}
	return b.String()
}

func cpuModel() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range bytes.SplitSeq(info, []byte("\n")) {
		if name, value, ok := bytes.Cut(line, []byte(":")); ok && strings.TrimSpace(string(name)) == "model name" {
			return strings.TrimSpace(string(value))
		}
	}
	return "unknown CPU"
}

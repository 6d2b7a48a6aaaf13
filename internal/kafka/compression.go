package kafka

import (
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/internal/suggest"
)

// Compressions returns the ways in which batches of records can be compressed, as Kafka writes them.
func Compressions() []string { return []string{"none", "gzip", "snappy", "lz4", "zstd"} }

// Compress returns the option that has a producer compress in one way, or not at all where brokers are too old for it.
// Empty is franz-go's default, snappy.
func Compress(name string) (kgo.Opt, error) {
	codecs := map[string]kgo.CompressionCodec{
		"": kgo.SnappyCompression(), "none": kgo.NoCompression(), "gzip": kgo.GzipCompression(),
		"snappy": kgo.SnappyCompression(), "lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
	}
	codec, ok := codecs[name]
	if !ok {
		return nil, fmt.Errorf("compression %q is not one of %s%s", name, strings.Join(Compressions(), ", "), suggest.DidYouMean(name, Compressions()))
	}
	return kgo.ProducerBatchCompression(codec, kgo.NoCompression()), nil
}

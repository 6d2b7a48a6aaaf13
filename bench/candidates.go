package main

// candidates returns all that is measured.
func candidates() (all []*candidate) {
	for _, family := range [][]*candidate{
		avowCandidates(), hambaCandidates(), twmbCandidates(), goavroCandidates(), gogenCandidates(), protobufCandidates(),
		jsonCandidates(), floorCandidates(),
	} {
		all = append(all, family...)
	}
	return all
}

// encoder returns a candidate that encodes into a buffer that it keeps.
func encoder(event, codec string, want message, encode func(dst []byte) ([]byte, error)) *candidate {
	return &candidate{
		event: event, task: "encode", codec: codec,
		op: func(n int) {
			var buf []byte
			for range n {
				buf = must(encode(buf[:0]))
			}
		},
		check: func() error {
			b, err := encode(nil)
			if err != nil {
				return err
			}
			return sameAvro(b, want)
		},
	}
}

// decoder returns a candidate that decodes: op into a variable of the loop n times, as a consumer does. That variable is
// allocated where the codec, which may need to look at it through an interface, makes it escape. again decodes once and
// encodes in Avro what came of it, to be checked.
func decoder(event, codec string, want message, op func(n int), again func() ([]byte, error)) *candidate {
	return &candidate{
		event: event, task: "decode", codec: codec, op: op,
		check: func() error {
			b, err := again()
			if err != nil {
				return err
			}
			return sameAvro(b, want)
		},
	}
}

// resolving makes of a decoder one that reads what an older producer wrote.
func resolving(c *candidate) *candidate {
	c.task = "resolve"
	return c
}

// generic returns the two functions of a decoder for a codec that decodes into any value.
func generic[T any](decode func(v *T) error, encode func(v *T) ([]byte, error)) (op func(n int), again func() ([]byte, error)) {
	op = func(n int) {
		for range n {
			var v T
			if err := decode(&v); err != nil {
				panic(err)
			}
		}
	}
	again = func() ([]byte, error) {
		var v T
		if err := decode(&v); err != nil {
			return nil, err
		}
		return encode(&v)
	}
	return op, again
}

// decoderOf is a decoder of a codec that decodes into any value.
func decoderOf[T any](event, codec string, want message, decode func(v *T) error, encode func(v *T) ([]byte, error)) *candidate {
	op, again := generic(decode, encode)
	return decoder(event, codec, want, op, again)
}

// sink is where values go that are to be allocated.
var sink any

package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/records"
)

// eventReader reads JSON values that follow each other, and knows where each stands.
type eventReader struct {
	name    string
	decoder *json.Decoder
	lines   lineCounter
}

func newEventReader(name string, in io.Reader) *eventReader {
	e := &eventReader{name: name}
	e.decoder = json.NewDecoder(io.TeeReader(in, &e.lines))
	return e
}

// record reads the next value and encodes it as a contract wants it. The error is io.EOF after the last one; any other
// says where it is.
func (e *eventReader) record(c *contract, key keyFunc, headers []records.Header, opts ...codec.JSONOption) (*records.Record, error) {
	var text json.RawMessage
	if err := e.decoder.Decode(&text); err != nil {
		return nil, e.malformed(err)
	}
	start := e.decoder.InputOffset() - int64(len(text))
	value, err := c.encode(text, opts...)
	var misfit *codec.Error
	if errors.As(err, &misfit) {
		err = &avsc.Error{Pos: e.pos(start + int64(max(misfit.Offset, 0))), Err: reasonOf(misfit)}
	}
	if err != nil {
		return nil, err
	}
	r := &records.Record{Value: value, Headers: headers}
	if key != nil {
		if r.Key, err = key(text); err != nil {
			return nil, &avsc.Error{Pos: e.pos(start), Err: err}
		}
	}
	e.lines.forget(start)
	return r, nil
}

// malformed returns the error of the JSON decoder with its place.
func (e *eventReader) malformed(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF):
		return io.EOF
	case errors.As(err, &syntax):
		return &avsc.Error{Pos: e.pos(syntax.Offset - 1), Err: fmt.Errorf("malformed JSON: %w", err)}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &avsc.Error{Pos: e.pos(e.lines.read), Err: errors.New("malformed JSON: the last event is not complete")}
	}
	return fmt.Errorf("%s: %w", e.name, err)
}

func (e *eventReader) pos(offset int64) avsc.Pos {
	line, col := e.lines.at(offset)
	return avsc.Pos{File: e.name, Line: line, Col: col}
}

// reasonOf says what does not fit the schema without the place, which is told by line and column.
func reasonOf(e *codec.Error) error {
	if e.Path == "" {
		return e.Err
	}
	return fmt.Errorf("%s: %w", e.Path, e.Err)
}

// lineCounter turns offsets of what is written to it into lines and columns. It remembers where lines begin from the
// last value on.
type lineCounter struct {
	read    int64
	dropped int     // lines whose beginning is forgotten
	starts  []int64 // offsets at which lines begin, but for the very first
}

func (l *lineCounter) Write(p []byte) (int, error) {
	for i, b := range p {
		if b == '\n' {
			l.starts = append(l.starts, l.read+int64(i)+1)
		}
	}
	l.read += int64(len(p))
	return len(p), nil
}

// at returns the line and column of an offset, from 1.
func (l *lineCounter) at(offset int64) (line, col int) {
	begin := int64(0)
	line = l.dropped + 1
	for _, start := range l.starts {
		if start > offset {
			break
		}
		begin = start
		line++
	}
	return line, int(offset-begin) + 1
}

// forget drops what is not needed for offsets from this one on.
func (l *lineCounter) forget(offset int64) {
	for len(l.starts) > 1 && l.starts[1] <= offset {
		l.starts = l.starts[1:]
		l.dropped++
	}
}

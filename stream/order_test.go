package stream_test

import (
	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
)

func schemaOf(text string) *codec.Schema {
	s, err := avsc.Parse("", []byte(text))
	if err != nil {
		panic(err)
	}
	return codec.SchemaOf(s)
}

// order and the types after it are what a generator would write, only smaller: so that two versions of one schema can
// stand side by side.
type order struct {
	ID     string
	Amount int64
}

var orderSchema = schemaOf(`{"type":"record","name":"Order","namespace":"test","fields":[` +
	`{"name":"id","type":"string"},{"name":"amount","type":"long"}]}`)

func (*order) AvroSchema() *codec.Schema { return orderSchema }

func (v *order) AppendAvro(dst []byte) ([]byte, error) {
	b, err := codec.AppendString(dst, v.ID)
	if err != nil {
		return dst, codec.At(err, "id")
	}
	return codec.AppendLong(b, v.Amount), nil
}

func (v *order) DecodeAvro(src []byte) error {
	*v = order{}
	if i := v.ReadAvro(string(src), 0, new(codec.State)); i != len(src) {
		*v = order{}
		return codec.DecodeError(orderSchema, src, i)
	}
	return nil
}

func (v *order) ReadAvro(text string, i int, s *codec.State) int {
	v.ID, i = codec.ReadString(text, i, s)
	v.Amount, i = codec.ReadLong(text, i)
	return i
}

// orderV2 is the next version of order: it adds a field and is read by services that know it.
type orderV2 struct {
	ID     string
	Amount int64
	Note   string
}

var orderV2Schema = schemaOf(`{"type":"record","name":"Order","namespace":"test","fields":[` +
	`{"name":"id","type":"string"},{"name":"amount","type":"long"},{"name":"note","type":"string","default":"none"}]}`)

func (*orderV2) AvroSchema() *codec.Schema { return orderV2Schema }

func (v *orderV2) AppendAvro(dst []byte) ([]byte, error) {
	b, err := codec.AppendString(dst, v.ID)
	if err != nil {
		return dst, codec.At(err, "id")
	}
	b = codec.AppendLong(b, v.Amount)
	if b, err = codec.AppendString(b, v.Note); err != nil {
		return dst, codec.At(err, "note")
	}
	return b, nil
}

func (v *orderV2) DecodeAvro(src []byte) error {
	*v = orderV2{}
	if i := v.ReadAvro(string(src), 0, new(codec.State)); i != len(src) {
		*v = orderV2{}
		return codec.DecodeError(orderV2Schema, src, i)
	}
	return nil
}

func (v *orderV2) ReadAvro(text string, i int, s *codec.State) int {
	v.ID, i = codec.ReadString(text, i, s)
	v.Amount, i = codec.ReadLong(text, i)
	v.Note, i = codec.ReadString(text, i, s)
	return i
}

// cancelled is another event of the same topic; it was once called test.Aborted.
type cancelled struct{ ID string }

var cancelledSchema = schemaOf(`{"type":"record","name":"Cancelled","namespace":"test","fields":[{"name":"id","type":"string"}],"aliases":["Aborted"]}`)

func (*cancelled) AvroSchema() *codec.Schema { return cancelledSchema }

func (v *cancelled) AppendAvro(dst []byte) ([]byte, error) { return codec.AppendString(dst, v.ID) }

func (v *cancelled) DecodeAvro(src []byte) error {
	*v = cancelled{}
	if i := v.ReadAvro(string(src), 0, new(codec.State)); i != len(src) {
		*v = cancelled{}
		return codec.DecodeError(cancelledSchema, src, i)
	}
	return nil
}

func (v *cancelled) ReadAvro(text string, i int, s *codec.State) int {
	v.ID, i = codec.ReadString(text, i, s)
	return i
}

// aborted is cancelled under its old name.
type aborted struct{ cancelled }

var abortedSchema = schemaOf(`{"type":"record","name":"Aborted","namespace":"test","fields":[{"name":"id","type":"string"}]}`)

func (*aborted) AvroSchema() *codec.Schema { return abortedSchema }

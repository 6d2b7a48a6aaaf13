package codec

import "github.com/avow-events/avow/avsc"

// PlainUnion reports whether plain JSON writes the values of a union as they are, because the kind of a JSON value
// (null, boolean, number, string, array, object) tells which branch it belongs to. Otherwise, as in a union of two
// records, of int and long, or of string and enum, values other than null are written in Avro's tagged form, an object
// with the branch's name: {"string": "x"}.
//
// This is the one definition of it, for [ToJSON], [FromJSON] and with them the JSON methods of generated types.
//
// Numbers that JSON does not have are strings ("NaN"). In a plain union that has a branch written as a string these,
// and only these, are tagged: {"double": "NaN"}. If it has a branch written as an object as well, no value could be
// told from a tag, and the union is not plain.
func PlainUnion(union *avsc.Type) bool {
	var taken jsonShape
	fractional := false
	for _, b := range union.Branches {
		s := shapeOf(b)
		if taken&s != 0 {
			return false
		}
		taken |= s
		fractional = fractional || isFractional(b)
	}
	return !(fractional && taken&jsonString != 0 && taken&jsonObject != 0)
}

// jsonShape is a set of the kinds of JSON values.
type jsonShape uint8

const (
	jsonNull jsonShape = 1 << iota
	jsonBoolean
	jsonNumber
	jsonString
	jsonArray
	jsonObject
)

var shapeNames = map[jsonShape]string{
	jsonNull: "null", jsonBoolean: "a boolean", jsonNumber: "a number", jsonString: "a string", jsonArray: "an array",
	jsonObject: "an object",
}

// shapeOf returns the kind of JSON value that plain JSON has for a type that is no union.
func shapeOf(t *avsc.Type) jsonShape {
	if t.Logical != nil {
		return jsonString // times, decimals, uuids and durations all have a text
	}
	switch t.Kind {
	case avsc.Null:
		return jsonNull
	case avsc.Boolean:
		return jsonBoolean
	case avsc.Int, avsc.Long, avsc.Float, avsc.Double:
		return jsonNumber
	case avsc.Array:
		return jsonArray
	case avsc.Record, avsc.Map:
		return jsonObject
	}
	return jsonString
}

func isFractional(t *avsc.Type) bool { return t.Kind == avsc.Float || t.Kind == avsc.Double }

// jsonType is a type with what its JSON takes, compiled once.
type jsonType struct {
	*avsc.Type
	// tag is the branch's name in a union's tagged form, as JSON with its colon.
	tag string
	// nested is set for a record that can contain itself, whose depth is counted.
	nested bool
	// empty is set for a type whose values take no bytes.
	empty bool

	fields []jsonField
	// index and aliases give the fields by name and by alias.
	index, aliases map[string]int

	elem *jsonType

	branches []*jsonType
	// plain is what PlainUnion says.
	plain bool
	// byShape holds for each shape the branch of a plain union that is written so, -1 where there is none.
	byShape map[jsonShape]int
	// tagged is set for a plain union in which NaN and the infinities are tagged.
	tagged bool
}

type jsonField struct {
	*avsc.Field
	is  *jsonType
	key string // the name as JSON, with its colon
}

type jsonKey struct{}

func jsonOf(s *avsc.Schema) *jsonType {
	return s.Memo(jsonKey{}, func(s *avsc.Schema) any {
		c := jsonCompiler{extents: measure(s.Root), done: map[*avsc.Type]*jsonType{}}
		return c.compile(s.Root)
	}).(*jsonType)
}

type jsonCompiler struct {
	*extents
	done map[*avsc.Type]*jsonType
}

func (c *jsonCompiler) compile(t *avsc.Type) *jsonType {
	if j := c.done[t]; j != nil {
		return j
	}
	j := &jsonType{Type: t, tag: jsonName(t.FullName()), nested: c.recursive[t], empty: c.least[t] == 0}
	c.done[t] = j // before its parts: they may lead back to it
	switch t.Kind {
	case avsc.Record:
		j.index, j.aliases = make(map[string]int, len(t.Fields)), map[string]int{}
		for i, f := range t.Fields {
			j.index[f.Name] = i
			for _, alias := range f.Aliases {
				j.aliases[alias.Name] = i
			}
			j.fields = append(j.fields, jsonField{f, c.compile(f.Type), jsonName(f.Name)})
		}
	case avsc.Array, avsc.Map:
		j.elem = c.compile(t.Elem)
	case avsc.Union:
		c.compileUnion(j)
	}
	return j
}

func (c *jsonCompiler) compileUnion(j *jsonType) {
	j.plain = PlainUnion(j.Type)
	j.byShape = map[jsonShape]int{}
	fraction := -1
	for k, b := range j.Branches {
		j.branches = append(j.branches, c.compile(b))
		j.byShape[shapeOf(b)] = k
		if isFractional(b) {
			fraction = k
		}
	}
	if fraction < 0 {
		return
	}
	if _, taken := j.byShape[jsonString]; taken {
		j.tagged = true
	} else {
		j.byShape[jsonString] = fraction // "NaN"
	}
}

func jsonName(name string) string { return string(append(appendJSONString(nil, name), ':')) }

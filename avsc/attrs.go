package avsc

// key is one of the attribute names that Avro defines somewhere.
type key uint8

const (
	keyNone key = iota
	keyType
	keyName
	keyNamespace
	keyDoc
	keyFields
	keyItems
	keyValues
	keySymbols
	keySize
	keyDefault
	keyOrder
	keyAliases
	numKeys
)

func keyOf(name string) key {
	switch name {
	case "type":
		return keyType
	case "name":
		return keyName
	case "namespace":
		return keyNamespace
	case "doc":
		return keyDoc
	case "fields":
		return keyFields
	case "items":
		return keyItems
	case "values":
		return keyValues
	case "symbols":
		return keySymbols
	case "size":
		return keySize
	case "default":
		return keyDefault
	case "order":
		return keyOrder
	case "aliases":
		return keyAliases
	}
	return keyNone
}

// reserved says which attributes of an object are Avro's: all others are properties. A "default" is a property of
// everything but enums and fields, and a "size" is one of a field.
type reserved uint16

func reserve(keys ...key) (r reserved) {
	for _, k := range keys {
		r |= 1 << k
	}
	return r
}

func (r reserved) has(k key) bool { return k != keyNone && r&(1<<k) != 0 }

var (
	reservedByType = reserve(keyDoc, keyFields, keyItems, keyName, keyNamespace, keySize, keySymbols, keyValues, keyType,
		keyAliases)
	reservedByEnum  = reservedByType | reserve(keyDefault)
	reservedByField = reserve(keyDefault, keyDoc, keyName, keyOrder, keyType, keyAliases)
)

// attrs holds the node of each of Avro's attributes in one object, 0 where it is absent.
type attrs [numKeys]int32

func (d *doc) attrs(obj int32) (a attrs) {
	for at := obj + 1; at < d.nodes[obj].next; at = d.nodes[at+1].next {
		if k := keyOf(d.nodes[at].text); k != keyNone {
			a[k] = at + 1 // of a repeated name the last value counts
		}
	}
	return a
}

// string returns the text of node i if that is a string. A document's root is never an attribute, so 0 is none.
func (d *doc) string(i int32) (string, bool) {
	if i == 0 || d.nodes[i].kind != StringValue {
		return "", false
	}
	return d.nodes[i].text, true
}

func (d *doc) posOf(i int32) Pos { return d.pos(d.nodes[i].off) }

// props collects the attributes of an object that are not reserved. A repeated one stands at its first place with its
// last value, as in Java's JSON objects.
func (d *doc) props(obj int32, r reserved) (props []Prop) {
	for at := obj + 1; at < d.nodes[obj].next; at = d.nodes[at+1].next {
		name := d.nodes[at].text
		if r.has(keyOf(name)) {
			continue
		}
		props = append(props, Prop{Name: name, NamePos: d.posOf(at), Value: d.value(at + 1)})
	}
	return once(props, func(p *Prop) string { return p.Name })
}

func findProp(props []Prop, name string) *Prop {
	for i := range props {
		if props[i].Name == name {
			return &props[i]
		}
	}
	return nil
}

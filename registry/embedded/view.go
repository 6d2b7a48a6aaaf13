package embedded

import "strconv"

// view is a schema as an answer shows it.
type view struct {
	*schema
	// text replaces the schema's own text, refs its references. quoted is the schema's own text as a JSON string, nil
	// where nobody has it at hand.
	text   string
	refs   []reference
	quoted []byte
	tags   []schemaTags
	// aliases are the subjects for which the schema's subject stands in, shown where the request asks for them.
	aliases []string
	// maxID is shown where it is not 0.
	maxID int
}

func (v *view) guid() guid {
	if v.GUID == (guid{}) {
		return v.identify()
	}
	return v.GUID
}

// appendVersion writes what names a version of a subject.
func (v *view) appendVersion(b []byte, p profile) []byte {
	b = append(b, '{')
	b = appendOptional(b, "subject", &v.Subject)
	b = appendInt(appendKey(b, "version"), v.Version)
	b = appendInt(appendKey(b, "id"), v.ID)
	g := v.guid()
	if v.refs != nil {
		// As on the real server references that are written otherwise make another GUID, but not so where an id was
		// asked for.
		g = identify(v.Text.String(), v.refs, v.Metadata, v.Rules)
	}
	b = v.appendContent(b, p, g)
	b = v.appendStored(b, p)
	if len(v.aliases) > 0 {
		b = appendStrings(appendKey(b, "aliases"), v.aliases)
	}
	return append(b, '}')
}

// appendByID writes what an id stands for: the schema with one of the versions that have it. Asked for by GUID it names
// no version.
func (v *view) appendByID(b []byte, p profile, named bool) []byte {
	b = append(b, '{')
	if named && p != cp7 {
		b = appendOptional(b, "subject", &v.Subject)
		b = appendInt(appendKey(b, "version"), v.Version)
	}
	b = v.appendContent(b, p, v.guid())
	if v.maxID != 0 {
		b = appendInt(appendKey(b, "maxId"), v.maxID)
	}
	return append(v.appendStored(b, p), '}')
}

// appendRegistered writes the answer to who registers a schema.
func (v *view) appendRegistered(b []byte, p profile) []byte {
	b = appendInt(appendKey(append(b, '{'), "id"), v.ID)
	if p == cp7 {
		return append(b, '}')
	}
	if v.Version > 0 {
		b = appendInt(appendKey(b, "version"), v.Version)
	}
	b = v.appendContent(b, p, v.guid())
	return append(v.appendStored(b, p), '}')
}

func (v *view) appendContent(b []byte, p profile, g guid) []byte {
	if p != cp7 {
		var text [36]byte
		g.put(&text)
		b = append(appendKey(b, "guid"), '"')
		b = append(append(b, text[:]...), '"')
		b = appendString(appendKey(b, "schemaType"), v.Type)
	}
	refs := v.refs
	if refs == nil {
		refs = v.Refs
	}
	if len(refs) > 0 {
		b = appendReferences(appendKey(b, "references"), refs)
	}
	if v.Metadata != nil {
		b = v.Metadata.append(appendKey(b, "metadata"))
	}
	if v.Rules != nil {
		b = v.Rules.append(appendKey(b, "ruleSet"))
	}
	switch {
	case v.text != "":
		b = appendString(appendKey(b, "schema"), v.text)
	case v.Text.s == "":
	case v.quoted != nil:
		b = append(appendKey(b, "schema"), v.quoted...)
	default:
		b = appendString(appendKey(b, "schema"), v.Text.String())
	}
	if len(v.tags) > 0 {
		b = appendSchemaTags(appendKey(b, "schemaTags"), v.tags)
	}
	return b
}

// appendStored writes what only a stored version has.
func (v *view) appendStored(b []byte, p profile) []byte {
	if v.Time == 0 || p == cp7 {
		return b
	}
	b = strconv.AppendInt(appendKey(b, "ts"), v.Time, 10)
	return appendBool(appendKey(b, "deleted"), v.Deleted)
}

package registry

// Schema is a schema as a registry holds it.
type Schema struct {
	// ID identifies the text and its references within the registry's context. The same schema under several
	// subjects has one id.
	ID int
	// GUID is the id that is the same in every registry; empty where the registry has none (Confluent before 8.0).
	GUID string
	// Subject and Version say where it was found. A schema that was asked for by id carries those of one of its
	// subjects, or none.
	Subject string
	Version int
	// Type is AVRO, JSON or PROTOBUF.
	Type string
	// Text is the schema in the registry's own form.
	Text string
	// References are the schemas that Text names without defining them.
	References []Reference
}

// Reference points from one registered schema to another.
type Reference struct {
	// Name is, for Avro, the full name of the type that is used.
	Name string `json:"name"`
	// Subject and Version say where the schema that defines it is registered.
	Subject string `json:"subject"`
	Version int    `json:"version"`
}

// SubjectVersion is one place at which a schema is registered.
type SubjectVersion struct {
	Subject string `json:"subject"`
	Version int    `json:"version"`
}

// typeAvro is the type of every schema that this package writes. Registries leave the field out for it.
const typeAvro = "AVRO"

// answer is the JSON by which registries describe a schema; which fields are set depends on endpoint and version.
type answer struct {
	ID         int         `json:"id"`
	GUID       string      `json:"guid"`
	Subject    string      `json:"subject"`
	Version    int         `json:"version"`
	SchemaType string      `json:"schemaType"`
	Schema     string      `json:"schema"`
	References []Reference `json:"references"`
}

func (a answer) schema() Schema {
	s := Schema{
		ID: a.ID, GUID: a.GUID, Subject: a.Subject, Version: a.Version, Type: a.SchemaType, Text: a.Schema,
		References: a.References,
	}
	if s.Type == "" {
		s.Type = typeAvro
	}
	return s
}

// Package hamba is the guarded bridge to github.com/hamba/avro/v2, for programs that use it already and for events that
// have no generated type:
//
//   - [Codec] encodes and decodes structs with hamba's avro tags, and dynamic values (any);
//   - [Serde] and [Dynamic] do so with the schema ids of a registry, and resolve what another version has written;
//   - [FileReader] and [FileWriter] read and write object container files, to export and import topics.
//
// hamba/avro is archived, and its decoder has open advisories (GO-2026-5046, GO-2026-5047, GO-2026-5048): a message of
// eight bytes can make it run out of memory. Here every byte that reaches it has passed [codec.Validate] with the same
// schema; that is the only way to it, and a test holds that it is. The schema is guarded too, since the header of a file
// may come from anywhere: hamba must have understood it as we do, and it must not ask for memory that no message pays
// for. Resolution is ours ([codec.Plan]): hamba's overflows the stack on recursive records.
//
// Where generated types exist use them: they are several times faster, and their types are right.
package hamba

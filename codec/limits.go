package codec

// Limits that hold for every decode path: generated, resolved, dynamic and the guard in front of hamba/avro. All
// others are measured from the message itself: no length or count is believed that what remains of the message
// could not hold.
const (
	// MaxDepth is how many records that can contain themselves may nest in one value. Arrays, maps, unions and
	// all other records do not count: a schema that is not recursive never meets it.
	MaxDepth = 512
	// MaxZeroSizeItems is how many array items that take no bytes (null, empty record, fixed of size 0) one
	// message may hold.
	MaxZeroSizeItems = 1 << 16
	// maxFirstAlloc caps, in bytes, the first allocation for the items of a block; beyond it a slice grows
	// as its items are read.
	maxFirstAlloc = 64 << 10
)

package finding

// Harm says whom a finding hurts although every record can be read, so that nobody is told that such a change is a small
// one, or that it may be deployed in any order.
type Harm uint8

// The harms, from none to the worst.
const (
	NoHarm Harm = iota
	// Breaking: code does not compile, or what is kept outside records, such as a default, a name or a number of a symbol,
	// means something else.
	Breaking
	// OldDataMisread: what was written before loses a value, or has another one.
	OldDataMisread
	// AllDataMisread: and so does what is written from now on, for those who have the old schema.
	AllDataMisread
)

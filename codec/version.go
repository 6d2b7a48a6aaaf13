package codec

// GeneratedForV1RunAvowGenerateIfUndefined is named by every generated package. A release of this package that needs
// other generated code gives it a new number, so that old code fails to compile at a line that says what to do.
const GeneratedForV1RunAvowGenerateIfUndefined = true

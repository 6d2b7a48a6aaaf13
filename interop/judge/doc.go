// Package judge holds avow's codec, schema model and generated types against Apache Avro Java, which java/Judge.java asks.
// It holds tests alone.
package judge

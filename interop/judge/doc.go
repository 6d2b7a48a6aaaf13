// Package judge holds avow's codec and schema model against Apache Avro Java, which java/Judge.java asks. It holds tests
// alone.
package judge

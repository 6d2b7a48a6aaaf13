// Package kafka reaches the brokers of a cluster: it holds where they are and how a client identifies itself to them,
// and makes the first question, which a wrong address, password or certificate answers with an error in seconds and not
// with silence.
//
// A [Connection] is the whole of it; [Connect] opens one. [Settings] are the same as people write them, in avow.yaml, in
// KAFKA_* variables ([FromVariables]) or in a client.properties of Java's ([FromProperties]); a secret in them never
// shows in a message.
//
// It is not for records or topics: see stream, internal/records and internal/topics.
package kafka

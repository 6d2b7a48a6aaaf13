package config

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// Kafka is the key `kafka` of an environment.
type Kafka struct {
	// Brokers are host:port of the brokers that a client asks first, each text one of them or several with commas
	// between: see [Addresses].
	Brokers []Text
	// TLS says whether connections are encrypted, and TLSSet whether the file says so, either way. CA is the path of a PEM
	// file with the certificates to trust instead of the system's, Cert and Key are those of a certificate by which the
	// client identifies itself, and of its key; relative paths start at Config.Dir. ServerName is the name in the brokers'
	// certificates, where that is not the one they are called by.
	TLS, TLSSet               bool
	CA, Cert, Key, ServerName Text
	// Mechanism of SASL by which the client tells who it is: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512 with Username and
	// Password, OAUTHBEARER with Token. Password and Token must come from a variable. Default none.
	Mechanism                 string
	Username, Password, Token Text
	// Compression of what avow produce sends: none, gzip, snappy, lz4 or zstd. Default the client's, snappy.
	Compression string
}

// Addresses splits a list of addresses at its commas.
func Addresses(list string) []string {
	var out []string
	for address := range strings.SplitSeq(list, ",") {
		if address = strings.TrimSpace(address); address != "" {
			out = append(out, address)
		}
	}
	return out
}

// expand returns k with what replace makes of each text.
func (k Kafka) expand(replace func(Text) Text) Kafka {
	brokers := make([]Text, len(k.Brokers))
	for i, b := range k.Brokers {
		brokers[i] = replace(b)
	}
	k.Brokers = brokers
	for _, t := range []*Text{&k.CA, &k.Cert, &k.Key, &k.ServerName, &k.Username, &k.Password, &k.Token} {
		*t = replace(*t)
	}
	return k
}

func (d *decoder) kafka(n ast.Node, k *Kafka) {
	if !d.isObject(n) {
		d.brokers(n, k)
		return
	}
	d.object(n,
		entry{"brokers", func(n ast.Node) { d.brokers(n, k) }},
		entry{"tls", func(n ast.Node) { d.kafkaTLS(n, k) }},
		entry{"sasl", func(n ast.Node) { d.sasl(n, k) }},
		entry{"compression", d.oneOf(&k.Compression, "none", "gzip", "snappy", "lz4", "zstd")},
	)
}

func (d *decoder) brokers(n ast.Node, k *Kafka) {
	one := func(n ast.Node) {
		var t Text
		d.place(&t)(n)
		k.Brokers = append(k.Brokers, t)
	}
	if d.isList(n) {
		d.list(n, one)
		return
	}
	one(n)
}

// kafkaTLS reads true, false, or an object, which stands for true.
func (d *decoder) kafkaTLS(n ast.Node, k *Kafka) {
	k.TLSSet = true
	if !d.isObject(n) {
		d.flag(&k.TLS)(n)
		return
	}
	k.TLS = true
	d.object(n,
		entry{"ca", d.place(&k.CA)},
		entry{"cert", d.place(&k.Cert)},
		entry{"key", d.place(&k.Key)},
		entry{"server_name", d.place(&k.ServerName)},
	)
	if (k.Cert.Value == "") != (k.Key.Value == "") {
		d.errorf(d.pos(n), "cert and key belong together, there is only one of them")
	}
}

// The mechanisms of SASL; all but the last go by user name and password.
const (
	plain       = "PLAIN"
	scramSHA256 = "SCRAM-SHA-256"
	scramSHA512 = "SCRAM-SHA-512"
	oauthBearer = "OAUTHBEARER"
)

func (d *decoder) sasl(n ast.Node, k *Kafka) {
	before := len(d.errs)
	d.object(n,
		entry{"mechanism", d.oneOf(&k.Mechanism, plain, scramSHA256, scramSHA512, oauthBearer)},
		entry{"username", d.place(&k.Username)},
		entry{"password", d.secret(&k.Password)},
		entry{"token", d.secret(&k.Token)},
	)
	switch k.Mechanism {
	case "":
		if len(d.errs) == before {
			d.required(n, "mechanism", k.Mechanism)
		}
	case oauthBearer:
		d.required(n, "token", k.Token.Value)
	case plain, scramSHA256, scramSHA512:
		d.required(n, "username", k.Username.Value)
		d.required(n, "password", k.Password.Value)
	}
}

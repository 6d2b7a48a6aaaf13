// Package lock reads and writes avow.lock, the committed file that says what is registered where: for every contract and
// every version of its schema, under which subject, version, id and GUID each environment has it.
//
// Every line is a fact that stays true: a version never changes. So two branches are merged by keeping the lines of both,
// in any order, which is what git does where .gitattributes says `avow.lock merge=union`. [Parse] takes them in any order
// and [Lock.Bytes] writes them sorted.
//
// Services carry the file in their binary: package registry answers from it while no registry does, and [Scan] reads it
// out of a binary again.
package lock

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
)

// Lock is the content of an avow.lock. The zero Lock is empty. It must not be changed while others read it.
type Lock struct {
	// schemas are the texts by fingerprint, places what is registered, each once.
	schemas map[string]schema
	places  map[Place]bool
	topics  map[Topic]bool
}

type schema struct{ contract, text string }

func (l *Lock) prepare() {
	if l.places == nil {
		l.schemas, l.places, l.topics = map[string]schema{}, map[Place]bool{}, map[Topic]bool{}
	}
}

// Place is where an environment has a version of a contract.
type Place struct {
	// Contract is its full name, or the path of its file below the folder of schemas where it has none.
	Contract string
	// Schema is the fingerprint of the version's text, see [Fingerprint].
	Schema      string
	Environment string
	Subject     string
	Version, ID int
	// GUID is empty where the registry has none.
	GUID string
}

// Topic is a topic that `avow apply` knows in an environment.
type Topic struct{ Name, Environment string }

// Fingerprint tells schemas apart by all that a registry tells them apart by: the text in the registry's form with what it
// refers to written out. It is the first half of a SHA-256, in hex.
func Fingerprint(selfContained string) string {
	sum := sha256.Sum256([]byte(selfContained))
	return hex.EncodeToString(sum[:16])
}

// Add adds a place and the text of its schema, which is self-contained. A place that says otherwise of the same version
// goes: the registry was made anew.
func (l *Lock) Add(p Place, selfContained string) {
	l.prepare()
	p.Schema = Fingerprint(selfContained)
	maps.DeleteFunc(l.places, func(o Place, _ bool) bool { return o.sameVersion(p) })
	l.places[p] = true
	l.schemas[p.Schema] = schema{p.Contract, selfContained}
}

func (p Place) sameVersion(o Place) bool {
	return p.Environment == o.Environment && p.Subject == o.Subject && p.Version == o.Version
}

// Forget removes what an environment has under a subject.
func (l *Lock) Forget(environment, subject string) {
	maps.DeleteFunc(l.places, func(p Place, _ bool) bool { return p.Environment == environment && p.Subject == subject })
}

// AddTopic adds a topic.
func (l *Lock) AddTopic(t Topic) {
	l.prepare()
	l.topics[t] = true
}

// ForgetTopic removes a topic.
func (l *Lock) ForgetTopic(t Topic) { delete(l.topics, t) }

// HasTopic reports whether a topic is known.
func (l *Lock) HasTopic(t Topic) bool { return l.topics[t] }

// Text returns the self-contained text with a fingerprint, empty where it is not known.
func (l *Lock) Text(fingerprint string) string { return l.schemas[fingerprint].text }

// Environments returns the names of the environments, sorted.
func (l *Lock) Environments() []string {
	names := map[string]bool{}
	for p := range l.places {
		names[p.Environment] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// Places returns what an environment has, sorted. Of a version of which two places say different things, as after a merge
// of branches that disagree, there is none.
func (l *Lock) Places(environment string) []Place {
	type version struct {
		subject string
		number  int
	}
	said := map[version]int{}
	for p := range l.places {
		if p.Environment == environment {
			said[version{p.Subject, p.Version}]++
		}
	}
	var out []Place
	for p := range l.places {
		if p.Environment == environment && said[version{p.Subject, p.Version}] == 1 {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, Place.compare)
	return out
}

func (p Place) compare(o Place) int {
	return cmp.Or(cmp.Compare(p.Contract, o.Contract), cmp.Compare(p.Environment, o.Environment), cmp.Compare(p.Subject, o.Subject),
		cmp.Compare(p.Version, o.Version), cmp.Compare(p.ID, o.ID), cmp.Compare(p.Schema, o.Schema), cmp.Compare(p.GUID, o.GUID))
}

// Merge adds all that another lock says.
func (l *Lock) Merge(o *Lock) {
	l.prepare()
	maps.Copy(l.schemas, o.schemas)
	maps.Copy(l.places, o.places)
	maps.Copy(l.topics, o.topics)
}

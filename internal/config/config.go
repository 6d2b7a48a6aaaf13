// Package config reads avow.yaml, the one file that says where a repository keeps its contracts, what is generated
// from them, which compatibility they are held to, which topics carry them and where brokers and registries are.
//
// [Find] looks for the file from a folder upwards, [Load] reads it, [Default] is what holds where there is none. The
// file is read strictly: a key that means nothing is an error, with its place and the key that was probably meant.
// What the file says about one contract is asked of [Config.Subjects]; what it says about an environment, of
// [Config.Environment], which is also where ${VARIABLES} are replaced: a secret that is not set hurts only who uses it.
//
// It is not for flags and environment variables: that those come first is the command line's business.
package config

import (
	"os"
	"path/filepath"

	"github.com/avow-events/avow/avsc"
)

// FileName is the name of the configuration file.
const FileName = "avow.yaml"

// Config is the content of an avow.yaml. Every field is filled: what the file leaves out has its default.
type Config struct {
	// File is the path the configuration was read from, empty for [Default].
	File string
	// Dir is the folder that relative paths in it start from: the file's own.
	Dir string

	Schemas      Schemas
	Generate     Generate
	Compat       Compat
	Topics       []Topic
	Places       []Place
	References   []Reference
	Lock         Lock
	Environments []Environment
}

// Schemas is the section `schemas`: where the contracts are.
type Schemas struct {
	// Path of the folder below which every .avsc file is a contract. Default "schemas".
	Path string
}

// Compat is the section `compat`: which changes to a contract are allowed.
type Compat struct {
	// Level that holds where nothing more special is said. Default BACKWARD, as in Schema Registry. LevelSet tells
	// a level that the file gives from that default: only the former is imposed on a registry.
	Level    Level
	LevelSet bool
	// Against is what contracts are compared with: "merge-base", the default, is where the branch left
	// DefaultBranch, and on DefaultBranch itself what OnDefaultBranch says; "first-parent"; "last-tag"; or any git revision,
	// folder or registry://ENVIRONMENT.
	Against string
	// DefaultBranch is the branch that others are merged into. Default "main".
	DefaultBranch string
	// OnDefaultBranch is what "merge-base" means on DefaultBranch itself: "first-parent", the default, or "last-tag".
	OnDefaultBranch string
	// Levels of single contracts: the first one that matches holds.
	Levels []LevelRule
	// Rules are the severities of single rules, where they are not the rules' own. Default none.
	Rules []RuleSeverity
}

// RuleSeverity is one entry of `compat.rules`.
type RuleSeverity struct {
	Pos avsc.Pos
	// Rule is the id of a rule as it is written: which ids there are, and which of them may be set, is for those who know
	// the rules.
	Rule string
	// Severity is off, note, warning or error.
	Severity string
}

// LevelRule is one entry of `compat.levels`.
type LevelRule struct {
	Pos avsc.Pos
	// Match is the full name of a contract, or, with a slash in it, the path of its file below schemas.path. A *
	// stands for any text: shop.orders.*, orders/*.
	Match string
	Level Level
}

// Topic is one entry of `topics`: a Kafka topic and the contracts it carries.
type Topic struct {
	Pos  avsc.Pos
	Name string
	// Events are the contracts of the values, at least one.
	Events []Event
	// Key says what record keys are: "string" is UTF-8 text that every record must have, anything else is a contract,
	// named as events are, which gets a subject of its own. Default empty: records may have any key or none.
	Key    string
	KeyPos avsc.Pos
	// Partitions and Replication of the topic, at least that many partitions and exactly that many replicas. Default
	// 0: as the broker makes a new topic.
	Partitions, Replication int
	// Configs are the topic's settings by Kafka's names, such as retention.ms, each as Kafka writes it. Those that
	// are not listed are left as they are.
	Configs map[string]string
	// Strategy names the subjects of key and events. Default TopicName for a topic with one event; with several there
	// is none, because under TopicName they would be versions of each other.
	Strategy Strategy
	// Level of the topic's key and events; empty where it is as the section `compat` says.
	Level Level
}

// KeyContract returns the contract of the topic's keys, empty where they have none.
func (t Topic) KeyContract() string {
	if t.Key == KeyString {
		return ""
	}
	return t.Key
}

// KeyString is the key of a topic whose keys are text without a contract.
const KeyString = "string"

// Event is one contract of a topic.
type Event struct {
	Pos avsc.Pos
	// Name is the full name of a named type, or the path of a file below schemas.path that ends in .avsc, which is
	// how a contract without a name (an array, a map, a union) is meant.
	Name string
}

// Place is one entry of `subjects`: a subject that no topic and no default gives a contract, such as those of a registry
// that was there before avow. A contract with a place is not kept under its full name besides.
type Place struct {
	Pos avsc.Pos
	// Subject is its name.
	Subject string
	// Contract that is kept there, named as events are.
	Contract string
	// Level of the subject; empty where it is as the section `compat` says.
	Level Level
}

// Reference is one entry of `references`: it ties the reference from one contract to another down. Without one a
// contract refers to the first subject of the other, in the version that the repository has.
type Reference struct {
	Pos avsc.Pos
	// From refers to To, both named as events are.
	From, To string
	// Subject that is referred to; empty for the first one of To.
	Subject string
	// Version that is referred to, 0 for the one that the repository has. An older one keeps From as it was
	// registered while To moves on; generated code has the types of the repository all the same.
	Version int
}

// Lock is the section `lock`: the file in which `avow apply` writes down what is registered where.
type Lock struct {
	// Path of the file. Default "avow.lock".
	Path string
	// Go says whether a Go file that embeds it is kept beside it, for services that start without a registry.
	// Default true: it is, where there is a go.mod at or above the lock.
	Go bool
}

// Find returns the path of the avow.yaml that holds for a folder: the folder's own, or else that of the nearest folder
// above it, no further up than the repository's root, where .git is. Outside of a repository only the folder itself is
// looked at.
func Find(dir string) (path string, ok bool) {
	root, inRepository := repositoryRoot(dir)
	for {
		candidate := filepath.Join(dir, FileName)
		if info, err := os.Stat(candidate); err == nil && !info.IsDir() {
			return candidate, true
		}
		parent := filepath.Dir(dir)
		if !inRepository || dir == root || parent == dir {
			return "", false
		}
		dir = parent
	}
}

// repositoryRoot returns the nearest folder at or above dir that holds .git, a folder or, in a worktree, a file.
func repositoryRoot(dir string) (root string, ok bool) {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

// Default returns the configuration of a folder that has no avow.yaml.
func Default(dir string) *Config {
	return &Config{
		Dir:      dir,
		Schemas:  Schemas{Path: "schemas"},
		Generate: Generate{Out: "gen", Optional: "pointer", Maps: "unordered"},
		Compat:   Compat{Level: Backward, Against: "merge-base", DefaultBranch: "main", OnDefaultBranch: "first-parent"},
		Lock:     Lock{Path: "avow.lock", Go: true},
	}
}

// Load reads a file. An error about its content is an [avsc.ErrorList] with every problem found; the file is named in
// it as path was given.
func Load(path string) (*Config, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	return Parse(path, dir, src)
}

// Path returns a path of the configuration as one that can be opened: a relative one starts at Dir.
func (c *Config) Path(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(c.Dir, filepath.FromSlash(path))
}

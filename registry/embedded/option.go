package embedded

import (
	"fmt"
	"log/slog"
)

// Option changes how a [Registry] answers or where it keeps its data.
type Option func(*Registry) error

// Data keeps the registry's data in a directory, which is made if it does not exist. Only one registry at a time may use
// it. Without this option the data are gone with the registry.
func Data(dir string) Option {
	return func(r *Registry) error {
		if dir == "" {
			return fmt.Errorf("embedded registry: the data directory has no name")
		}
		r.dir = dir
		return nil
	}
}

// BasicAuth asks every request for this user and password. Without it everybody may do everything.
func BasicAuth(user, password string) Option {
	return func(r *Registry) error {
		if user == "" && password == "" {
			return fmt.Errorf("embedded registry: basic authentication needs a user or a password")
		}
		r.user, r.password = user, password
		return nil
	}
}

// Log is told what was repaired in the data directory, and what goes wrong with it. The default is [slog.Default].
func Log(logger *slog.Logger) Option {
	return func(r *Registry) error {
		r.log = logger
		return nil
	}
}

// Profile answers as another real server does: "cp7" as Confluent Schema Registry 7, for clients that expect that. Then an
// incompatible schema is error 409 and not 40901, answers say neither GUIDs nor schemaType, who registers is told the id
// alone, and new schemas are held to no more than old ones. The default, "cp8", is Schema Registry 8.1.5.
func Profile(name string) Option {
	return func(r *Registry) error {
		for p, known := range profileNames {
			if known == name {
				r.profile = profile(p)
				return nil
			}
		}
		return fmt.Errorf("embedded registry: no profile %q: want cp8 or cp7", name)
	}
}

type profile uint8

const (
	cp8 profile = iota
	cp7
)

var profileNames = [...]string{cp8: "cp8", cp7: "cp7"}

// version is the version of the real server.
func (p profile) version() string {
	if p == cp7 {
		return "7.9.9"
	}
	return "8.1.5"
}

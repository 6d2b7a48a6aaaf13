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
			return fmt.Errorf("embedded: the data directory has no name")
		}
		r.dir = dir
		return nil
	}
}

// BasicAuth asks every request for this user and password. Without it everybody may do everything.
func BasicAuth(user, password string) Option {
	return func(r *Registry) error {
		if user == "" && password == "" {
			return fmt.Errorf("embedded: basic authentication needs a user or a password")
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

// Profile says which real server's answers are given; see [As].
type Profile uint8

const (
	// CP8 answers as Confluent Schema Registry 8.1.5. It is the default.
	CP8 Profile = iota
	// CP7 answers as Confluent Schema Registry 7 does: an incompatible schema is error 409 and not 40901, answers say
	// neither GUIDs nor schemaType, who registers is told the id alone, and new schemas are held to no more than old ones.
	CP7
)

var profileNames = [...]string{CP8: "cp8", CP7: "cp7"}

// String returns the name that [ParseProfile] reads.
func (p Profile) String() string {
	if int(p) < len(profileNames) {
		return profileNames[p]
	}
	return fmt.Sprintf("Profile(%d)", uint8(p))
}

// ParseProfile returns the profile of that name, "cp8" or "cp7".
func ParseProfile(name string) (Profile, error) {
	for p, known := range profileNames {
		if known == name {
			return Profile(p), nil
		}
	}
	return CP8, fmt.Errorf("no registry profile %q: want cp8 or cp7", name)
}

// As answers as a profile says. Without it that is [CP8].
func As(p Profile) Option {
	return func(r *Registry) error {
		if int(p) >= len(profileNames) {
			return fmt.Errorf("embedded: no such profile: %d", uint8(p))
		}
		r.profile = p
		return nil
	}
}

func (p Profile) version() string {
	if p == CP7 {
		return "7.9.9"
	}
	return "8.1.5"
}

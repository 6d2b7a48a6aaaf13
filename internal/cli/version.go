package cli

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// module is this module's path, as the build knows it.
const module = "github.com/avow-events/avow"

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print which avow this is",
		Args:  arguments(),
		RunE: func(*cobra.Command, []string) error {
			a.out.linef("avow %s (%s %s/%s)", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
}

// version returns the version that the go command built: a tag, a pseudo-version, or (devel) for a checkout. Where
// avow is the tool of another module it is among that module's dependencies.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	for _, m := range append([]*debug.Module{&info.Main}, info.Deps...) {
		if m.Path == module {
			if m.Replace != nil && m.Replace.Version == "" {
				return "(devel)"
			}
			return m.Version
		}
	}
	return "(unknown)"
}

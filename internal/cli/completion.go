package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/internal/suggest"
)

func (a *app) completionCommand() *cobra.Command {
	shells := map[string]func(*cobra.Command) error{
		"bash":       func(root *cobra.Command) error { return root.GenBashCompletionV2(a.out, true) },
		"zsh":        func(root *cobra.Command) error { return root.GenZshCompletion(a.out) },
		"fish":       func(root *cobra.Command) error { return root.GenFishCompletion(a.out, true) },
		"powershell": func(root *cobra.Command) error { return root.GenPowerShellCompletionWithDesc(a.out) },
	}
	names := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print the script that completes commands, flags and topics in a shell",
		Long: `Print the script that completes commands, flags and topics in bash, zsh, fish or powershell.

To load it in every new shell, add to its start-up file:
  bash        source <(avow completion bash)
  zsh         source <(avow completion zsh)
  fish        avow completion fish | source
  powershell  avow completion powershell | Out-String | Invoke-Expression`,
		Args:      arguments("SHELL"),
		ValidArgs: names,
		RunE: func(cmd *cobra.Command, args []string) error {
			script, ok := shells[args[0]]
			if !ok {
				return hint(cmd, "%q is not one of %s%s", args[0], strings.Join(names, ", "), suggest.DidYouMean(args[0], names))
			}
			return script(cmd.Root())
		},
	}
}

package cli

import (
	"errors"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/internal/report"
)

// addFormatFlag adds --format to a command that reports findings.
func addFormatFlag(cmd *cobra.Command, format *string) {
	cmd.Flags().StringVar(format, "format", report.Text.String(), "text, json, github, junit, sarif, gitlab or markdown")
	completeWith(cmd, "format", report.FormatNames())
}

// completeWith completes the value of a flag with these words.
func completeWith(cmd *cobra.Command, flag string, words []string) {
	// The error says that there is no such flag, or that it is completed already: a test would show it.
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}

// writeReport writes a report to stdout. Formats for machines have no place for the summary: it goes to stderr.
func (a *app) writeReport(r *report.Report, format report.Format) error {
	r.Quiet, r.Color = a.quiet, a.out.colored
	if err := report.Write(a.out, format, r); err != nil {
		return err
	}
	if format != report.Text && format != report.Markdown && !a.quiet {
		a.err.linef("%s", r.Summary())
	}
	return nil
}

// withoutPath returns why a file cannot be read, for messages that name the file already.
func withoutPath(err error) error {
	var failed *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("no such file")
	case errors.As(err, &failed):
		return failed.Err
	}
	return err
}

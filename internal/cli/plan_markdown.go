package cli

import (
	"fmt"
	"io"
	"strings"
)

var cell = strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;", ">", "&gt;")

// markdown writes a plan for a comment on a pull request or a job's summary.
func (f *planFile) markdown(w io.Writer) {
	mark := "✅"
	switch {
	case f.refused() > 0:
		mark = "❌"
	case f.changes() > 0:
		mark = "📝"
	}
	fmt.Fprintf(w, "### %s avow plan: %s\n\n", mark, cell.Replace(f.where()))
	if views := f.views(); len(views) > 0 {
		fmt.Fprint(w, "| | subject | change |\n|---|---|---|\n")
		for _, v := range views {
			text := cell.Replace(v.what)
			for _, d := range v.details {
				text += "<br>" + code(d)
			}
			fmt.Fprintf(w, "| %s | `%s` | %s |\n", v.sign, cell.Replace(v.name), text)
		}
		fmt.Fprintln(w)
	}
	for _, n := range f.notes() {
		fmt.Fprintf(w, "%s\n\n", cell.Replace(n))
	}
	fmt.Fprintf(w, "%s\n", cell.Replace(f.summary()))
}

// code sets a line of a difference in code, and leaves others as they are.
func code(line string) string {
	if strings.HasPrefix(line, "+ ") || strings.HasPrefix(line, "- ") {
		return "`" + strings.ReplaceAll(strings.ReplaceAll(line, "|", `\|`), "`", "'") + "`"
	}
	return cell.Replace(line)
}

package cli

import (
	"fmt"
	"io"
	"os"

	"github.com/fatih/color"
	"golang.org/x/term"

	"github.com/avow-events/avow/avsc"
)

// printer writes what a person reads: in colour on a terminal, plain in a pipe, the same words in both.
type printer struct {
	io.Writer
	colored         bool
	good, bad, bold func(a ...any) string
}

// newPrinter returns a printer that uses colour if w is a terminal, unless NO_COLOR (https://no-color.org) is set or
// the terminal can show none.
func newPrinter(w io.Writer, lookupEnv func(string) (string, bool)) *printer {
	f, isFile := w.(*os.File)
	noColor, _ := lookupEnv("NO_COLOR")
	kind, _ := lookupEnv("TERM")
	colored := isFile && term.IsTerminal(int(f.Fd())) && noColor == "" && kind != "dumb"
	paint := func(attributes ...color.Attribute) func(...any) string {
		c := color.New(attributes...)
		if colored {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
		return c.SprintFunc()
	}
	return &printer{
		Writer:  w,
		colored: colored,
		good:    paint(color.FgGreen),
		bad:     paint(color.FgRed, color.Bold),
		bold:    paint(color.Bold),
	}
}

// linef prints one line.
func (p *printer) linef(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

// donef prints a line with a check mark: a step that is finished.
func (p *printer) donef(format string, args ...any) {
	fmt.Fprintln(p, p.good("✓"), fmt.Sprintf(format, args...))
}

// refusedf prints a line with a cross: something that is not as it should be.
func (p *printer) refusedf(format string, args ...any) {
	fmt.Fprintln(p, p.bad("✗"), fmt.Sprintf(format, args...))
}

// failure prints why the command failed. Several problems of one cause come one a line below it, each beginning with
// its place, so that editors and CI find them.
func (p *printer) failure(err error) {
	list := avsc.AsErrorList(err)
	if len(list) < 2 {
		p.linef("%s %v", p.bad("Failure:"), err)
		return
	}
	p.linef("%s %d problems", p.bad("Failure:"), len(list))
	for _, e := range list {
		p.linef("%v", e)
	}
}

// count returns a number with what it counts, which has an s where it is not one.
func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

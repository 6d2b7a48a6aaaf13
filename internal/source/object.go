package source

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
)

// objectReader is one running `git cat-file --batch`, which answers one object name a line.
type objectReader struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	// pipe is git's standard output, and out reads from it.
	pipe io.Closer
	out  *bufio.Reader
}

// read fills the contents of the named objects into to, but for those that are there already.
func (r *Repo) read(ctx context.Context, ids []string, to map[string][]byte) error {
	var missing []string
	asked := make(map[string]bool)
	for _, id := range ids {
		if _, known := to[id]; !known && !asked[id] {
			asked[id] = true
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if r.objects == nil {
		objects, err := startObjectReader(ctx, r.Root)
		if err != nil {
			return err
		}
		r.objects = objects
	}
	return r.objects.read(missing, to)
}

func startObjectReader(ctx context.Context, dir string) (*objectReader, error) {
	cmd := gitCommand(ctx, dir, "cat-file", "--batch")
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	return &objectReader{cmd: cmd, in: in, pipe: out, out: bufio.NewReaderSize(out, 64<<10)}, nil
}

// read asks for all objects while it reads the answers: git stops to listen while nobody takes what it wrote.
func (o *objectReader) read(ids []string, to map[string][]byte) error {
	asked := make(chan error, 1)
	go func() {
		_, err := io.WriteString(o.in, strings.Join(ids, "\n")+"\n")
		asked <- err
	}()
	for _, id := range ids {
		content, err := o.next(id)
		if err != nil {
			o.in.Close() // the asker must not wait for a reader that has gone
			<-asked
			return err
		}
		to[id] = content
	}
	return <-asked
}

// next reads one answer: <object> SP <type> SP <size> LF <contents> LF.
func (o *objectReader) next(id string) ([]byte, error) {
	header, err := o.out.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("git cat-file ended early: %w", err)
	}
	fields := strings.Fields(header)
	if len(fields) != 3 || fields[0] != id {
		return nil, fmt.Errorf("git cat-file: object %s: %s", id, strings.TrimSpace(strings.TrimPrefix(header, id)))
	}
	size, err := strconv.Atoi(fields[2])
	if err != nil {
		return nil, fmt.Errorf("git cat-file: object %s: size %q", id, fields[2])
	}
	content := make([]byte, size)
	if _, err := io.ReadFull(o.out, content); err != nil {
		return nil, fmt.Errorf("git cat-file: object %s: %w", id, err)
	}
	if _, err := o.out.Discard(1); err != nil {
		return nil, fmt.Errorf("git cat-file: object %s: %w", id, err)
	}
	return content, nil
}

// close ends the process. It must not be left writing to nobody, so its output is closed first; how it then ends tells
// nothing.
func (o *objectReader) close() {
	o.in.Close()
	o.pipe.Close()
	_ = o.cmd.Wait()
}

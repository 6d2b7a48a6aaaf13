package embedded

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
)

// replay reads the log and returns how many bytes of it are good.
func (j *journal) replay(s *store) (good int64, err error) {
	in := bufio.NewReaderSize(j.file, 1<<20)
	for n := 1; ; {
		batches, readErr := j.read(in, n, good)
		readAll(batches)
		for _, b := range batches {
			if b.err != nil {
				return 0, fmt.Errorf("%s:%d: %w in the line that begins at byte %d; it is undamaged: was it written by a newer "+
					"version? Then use that one", j.path, n, b.err, good)
			}
			for _, c := range b.changes {
				c.apply(s)
			}
			j.changes += int64(len(b.changes))
			good += b.size
			n++
		}
		if errors.Is(readErr, io.EOF) {
			return good, nil
		}
		if readErr != nil {
			return 0, readErr
		}
	}
}

// batch is a line of the log.
type batch struct {
	size    int64 // in bytes
	body    []byte
	changes []change
	err     error // of what the body says
}

// read returns the next few lines of the log, from the given one on, which begins at a byte. The error is io.EOF where
// nothing good follows them, although what a crash left of the last line may.
func (j *journal) read(in *bufio.Reader, n int, at int64) (batches []batch, err error) {
	const enough = 4 << 20
	for size := int64(0); size < enough; n++ {
		line, err := in.ReadBytes('\n')
		if err != nil && (len(line) == 0 || !errors.Is(err, io.EOF)) {
			return batches, err
		}
		body, damage := checkedBatch(line)
		if damage != nil {
			if later, err := anyBatch(in); err != nil || later {
				return batches, errors.Join(fmt.Errorf("%s:%d: damaged: %w in the line that begins at byte %d; later lines are whole, "+
					"so this is no interrupted write: restore the file from a backup, or take the line out and lose its changes",
					j.path, n, damage, at+size), err)
			}
			return batches, io.EOF
		}
		batches = append(batches, batch{size: int64(len(line)), body: body})
		size += int64(len(line))
	}
	return batches, nil
}

// readAll reads the changes of several lines, on all processors.
func readAll(batches []batch) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(batches)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(batches)); i = next.Add(1) - 1 {
				b := &batches[i]
				b.changes, b.err = readChanges(b.body)
				b.body = nil
			}
		})
	}
	workers.Wait()
}

// checkedBatch returns the changes in a line of the log, which must be whole.
func checkedBatch(line []byte) ([]byte, error) {
	body, ended := bytes.CutSuffix(line, []byte("\n"))
	if !ended || len(body) < 9 || body[8] != ' ' {
		return nil, errors.New("cut short")
	}
	sum, err := strconv.ParseUint(string(body[:8]), 16, 32)
	if err != nil || uint32(sum) != crc32.Checksum(body[9:], castagnoli) {
		return nil, errors.New("wrong checksum")
	}
	return body[9:], nil
}

func readChanges(text []byte) ([]change, error) {
	t := newTokens(text)
	if err := t.next(); err != nil {
		return nil, err
	}
	changes, err := list(t, "change", bindChange)
	if err != nil {
		return nil, err
	}
	if more := t.next(); more != nil || t.kind != endOfText {
		return nil, errors.New("something follows the changes")
	}
	return changes, nil
}

// anyBatch reports whether a whole batch follows.
func anyBatch(in *bufio.Reader) (bool, error) {
	for {
		line, err := in.ReadBytes('\n')
		if _, bad := checkedBatch(line); bad == nil {
			return true, nil
		}
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// cut drops what stands behind the good part of the file and moves to its end.
func (j *journal) cut(good int64) error {
	info, err := j.file.Stat()
	if err != nil {
		return err
	}
	if torn := info.Size() - good; torn > 0 {
		j.log.Warn("schema registry: cut an interrupted write off the log, which nobody was told of",
			"file", j.path, "bytes", torn)
		if err := j.file.Truncate(good); err != nil {
			return err
		}
		if err := j.file.Sync(); err != nil {
			return err
		}
	}
	_, err = j.file.Seek(good, io.SeekStart)
	return err
}

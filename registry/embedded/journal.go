package embedded

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"
)

// journal is the log in the data directory. A line is a checksum and a JSON array of changes, and it holds everything
// that was written to the disk in one go. A line is begun only when the one before it is safe on the disk, so a crash
// can damage the last line alone, which nobody was told of.
type journal struct {
	path string
	log  *slog.Logger
	lock *flock.Flock

	mu   sync.Mutex
	done *sync.Cond // a batch is on the disk, or never will be
	file *os.File
	// pending are the changes that no batch has taken yet, as JSON with a comma before each.
	pending []byte
	// taken counts the changes that were handed to append, synced those that are on the disk.
	taken, synced int64
	writing       bool
	err           error // why nothing more can be written

	// changes counts the changes in the file. It is worth compacting once most of them are history, and not before
	// there are worth.
	changes, worth int64
}

const (
	journalName = "schemas.log"
	lockName    = "schemas.lock"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var errClosed = errors.New("the registry is closed")

// openJournal reads the log of a directory into a store and makes it ready to be written.
func openJournal(dir string, s *store, log *slog.Logger) (*journal, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, unusable(dir, err)
	}
	j := &journal{path: filepath.Join(dir, journalName), log: log, lock: flock.New(filepath.Join(dir, lockName)), worth: history}
	j.done = sync.NewCond(&j.mu)
	locked, err := j.lock.TryLock()
	switch {
	case err != nil:
		return nil, unusable(dir, err)
	case !locked:
		return nil, fmt.Errorf("data directory %s is in use by another registry: stop that one or choose another directory", dir)
	}
	if err := j.open(s); err != nil {
		return nil, errors.Join(err, j.lock.Unlock())
	}
	return j, nil
}

// unusable says that nothing can be kept in a directory.
func unusable(dir string, err error) error {
	return fmt.Errorf("data directory %s: %w: choose one that this process may write to", dir, err)
}

func (j *journal) open(s *store) (err error) {
	// What a compaction that was cut short left behind.
	if err := os.Remove(j.path + ".tmp"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unusable(filepath.Dir(j.path), err)
	}
	if j.file, err = os.OpenFile(j.path, os.O_RDWR|os.O_CREATE, 0o644); err != nil {
		return unusable(filepath.Dir(j.path), err)
	}
	size, err := j.replay(s)
	if err == nil {
		err = j.cut(size)
	}
	if err == nil {
		err = syncDir(j.path)
	}
	if err != nil {
		return errors.Join(err, j.file.Close())
	}
	return j.compactIfWorthIt(s)
}

// append takes changes. They are safe once wait returns for the position after them.
func (j *journal) append(changes []change) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, c := range changes {
		j.pending = c.appendJSON(append(j.pending, ','))
	}
	j.taken += int64(len(changes))
}

// position returns how many changes were taken so far.
func (j *journal) position() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.taken
}

// wait returns once the changes up to a position are safe. Whoever waits first writes for all who came before it
// began.
func (j *journal) wait(position int64) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for j.err == nil && j.synced < position {
		if j.writing {
			j.done.Wait()
			continue
		}
		j.flush()
	}
	return j.err
}

// flush writes a batch of everything that is pending. It gives j.mu free while it writes.
func (j *journal) flush() {
	batch, upTo := j.pending, j.taken
	count := upTo - j.synced
	j.pending = nil
	j.writing = true
	j.mu.Unlock()
	err := writeBatch(j.file, batch)
	if err == nil {
		err = j.file.Sync()
	}
	j.mu.Lock()
	j.writing = false
	if err != nil {
		j.err = err
		j.log.Error("schema registry: cannot write its log, and answers no more until it is started again with room to write", "file", j.path, "error", err)
	} else {
		j.synced = upTo
		j.changes += count
	}
	j.done.Broadcast()
}

// writeBatch writes changes, each with a comma before it, as a line.
func writeBatch(w io.Writer, changes []byte) error {
	body := make([]byte, 9, len(changes)+12)
	body = append(body, '[')
	body = append(append(body, changes[1:]...), ']')
	copy(body, fmt.Sprintf("%08x ", crc32.Checksum(body[9:], castagnoli)))
	_, err := w.Write(append(body, '\n'))
	return err
}

func (j *journal) close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if errors.Is(j.err, errClosed) {
		return nil
	}
	for j.err == nil && j.synced < j.taken {
		if j.writing {
			j.done.Wait()
			continue
		}
		j.flush()
	}
	err := j.err
	j.err = errClosed
	return errors.Join(err, j.file.Close(), j.lock.Unlock())
}

// syncDir makes the directory entry of a file safe.
func syncDir(file string) error {
	dir, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

package embedded

import (
	"bufio"
	"cmp"
	"errors"
	"os"
	"slices"
)

// history is how many changes a log may hold beside those that count before it is compacted.
const history = 10_000

// compactIfWorthIt writes the log anew where most of it is history. The caller sees to it that the store does not change
// meanwhile.
func (j *journal) compactIfWorthIt(s *store) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil || j.changes < j.worth {
		return nil
	}
	// To count what counts takes time, so that is done again only when the log can be worth it at the earliest.
	if j.worth = history + 2*int64(s.size()); j.changes < j.worth {
		return nil
	}
	for j.writing {
		j.done.Wait()
	}
	if j.err != nil {
		return nil
	}
	return j.compact(s)
}

// compact replaces the file by one that says what the store holds and nothing else. The old one stays until the new one
// is safe. The caller holds j.mu.
func (j *journal) compact(s *store) error {
	file, changes, err := writeSnapshot(j.path+".tmp", s)
	if err != nil {
		return err
	}
	if err := os.Rename(file.Name(), j.path); err != nil {
		return errors.Join(err, file.Close(), os.Remove(file.Name()))
	}
	old := j.file
	// What was pending is part of what the store holds.
	j.file, j.pending, j.synced, j.changes, j.worth = file, nil, j.taken, changes, history
	if err := syncDir(j.path); err != nil {
		// The directory may still name the old file, so nothing may be promised any more.
		j.err = err
	}
	j.done.Broadcast()
	return errors.Join(j.err, old.Close())
}

// writeSnapshot writes a log that says what a store holds and returns it open at its end, with the number of its
// changes.
func writeSnapshot(name string, s *store) (file *os.File, changes int64, err error) {
	if file, err = os.Create(name); err != nil {
		return nil, 0, err
	}
	out := bufio.NewWriterSize(file, 1<<20)
	var batch []byte
	flush := func(atLeast int) {
		if err == nil && len(batch) > atLeast {
			err = writeBatch(out, batch)
			batch = batch[:0]
		}
	}
	for _, c := range s.snapshot() {
		batch = c.appendJSON(append(batch, ','))
		changes++
		flush(1 << 20)
	}
	flush(0)
	if err = errors.Join(err, out.Flush(), file.Sync()); err != nil {
		return nil, 0, errors.Join(err, file.Close(), os.Remove(name))
	}
	return file, changes, nil
}

// size returns how many changes a snapshot has at least.
func (s *store) size() (n int) {
	for _, c := range s.contexts {
		for _, sub := range c.subjects {
			n += len(sub.versions)
		}
	}
	return n + len(s.configs) + len(s.modes)
}

// snapshot returns changes that lead from nothing to what the store holds.
func (s *store) snapshot() (changes []change) {
	for _, context := range s.listedContexts() {
		changes = append(changes, listContext{context, true})
	}
	for _, context := range sortedKeys(s.contexts) {
		if id := s.contexts[context].maxID; id > 0 {
			changes = append(changes, raiseID{context, id})
		}
		var versions []*schema
		for _, sub := range s.contexts[context].inOrder() {
			versions = append(versions, sub.versions...)
		}
		// Of two ids for one content the later one counts.
		slices.SortStableFunc(versions, func(a, b *schema) int { return cmp.Compare(a.Time, b.Time) })
		for _, v := range versions {
			changes = append(changes, putVersion{v})
		}
	}
	for _, name := range sortedKeys(s.configs) {
		changes = append(changes, putConfig{name, s.configs[name]})
	}
	for _, name := range sortedKeys(s.modes) {
		changes = append(changes, putMode{name, s.modes[name]})
	}
	return changes
}

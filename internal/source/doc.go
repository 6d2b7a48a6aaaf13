// Package source brings schemas from where they are: a folder, a git revision, an archive.
//
// All of them are a [Tree]: paths with contents, and a label that says what it was, so that whoever compares two of them
// can name both. A folder is read whole; of a git revision only what differs from a tree that is in memory already
// ([Repo.Tree]), through one `git cat-file --batch`, without a checkout and without a clone.
//
// [OpenBaseline] finds whatever a tree is to be compared with, [Repo.Baseline] what that is for a branch of which nobody
// says, and [Repo.Versions] what a contract was at each commit before.
// The package judges nothing; see compat for that.
package source

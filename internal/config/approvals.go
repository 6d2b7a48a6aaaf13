package config

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/avow-events/avow/avsc"
)

// ApprovalsName is the name of the file with approvals, beside avow.yaml.
const ApprovalsName = "avow.approvals.yaml"

// Approval accepts one finding of avow compat until a day.
type Approval struct {
	Pos avsc.Pos
	// Rule and Contract say which: the rule's id and the full name of the contract. Path, where it is given, is the
	// place in the contract too.
	Rule, Contract, Path string
	// Reason says why it is accepted, Owner who answers for it.
	Reason, Owner string
	// Expires is the last day on which it holds.
	Expires time.Time
}

// Expired reports whether the approval does not hold any more at some time.
func (a Approval) Expired(now time.Time) bool { return !now.Before(a.Expires.AddDate(0, 0, 1)) }

// LoadApprovals reads a file of approvals; one that does not exist holds none.
func LoadApprovals(path string) ([]Approval, error) {
	src, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return ParseApprovals(path, src)
}

// ParseApprovals reads the text of a file of approvals. file names it in errors.
func ParseApprovals(file string, src []byte) ([]Approval, error) {
	d := &decoder{file: file, anchors: map[string]ast.Node{}}
	body, err := d.document(src)
	if err != nil {
		return nil, err
	}
	var version string
	var approvals []Approval
	if body != nil {
		d.object(body,
			entry{"version", d.oneOf(&version, "v1")},
			entry{"approvals", func(n ast.Node) {
				d.list(n, func(n ast.Node) { approvals = append(approvals, d.approval(n)) })
			}},
		)
		if version == "" && len(d.errs) == 0 {
			d.errorf(d.pos(body), "the version is missing, add `version: v1`")
		}
	}
	if err := d.errs.Err(); err != nil {
		return nil, err
	}
	return approvals, nil
}

func (d *decoder) approval(n ast.Node) Approval {
	a := Approval{Pos: d.pos(n)}
	var expires Text
	d.object(n,
		entry{"rule", d.text(&a.Rule)},
		entry{"contract", d.text(&a.Contract)},
		entry{"path", d.text(&a.Path)},
		entry{"reason", d.text(&a.Reason)},
		entry{"owner", d.text(&a.Owner)},
		entry{"expires", d.place(&expires)},
	)
	d.required(n, "rule", a.Rule)
	d.required(n, "contract", a.Contract)
	d.required(n, "reason", a.Reason)
	d.required(n, "owner", a.Owner)
	d.required(n, "expires", expires.Value)
	if expires.Value != "" {
		day, err := time.Parse(time.DateOnly, expires.Value)
		if err != nil {
			d.errorf(expires.Pos, "%q is no day, write it as 2026-12-31", expires.Value)
		}
		a.Expires = day
	}
	return a
}

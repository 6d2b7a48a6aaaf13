package cli

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/finding"
)

// Rules about approvals themselves.
const (
	approvalExpired = "APPROVAL_EXPIRED"
	approvalUnused  = "APPROVAL_UNUSED"
)

// approvals returns those in the file beside avow.yaml.
func approvals(cfg *config.Config) ([]config.Approval, error) {
	return config.LoadApprovals(shortPath(filepath.Join(cfg.Dir, config.ApprovalsName)))
}

// approve turns findings that somebody approved into notes that say who. An approval that has expired accepts nothing and is
// an error while there is something it was for; one that there is nothing for any more is a note, unless only some contracts
// were looked at.
func approve(findings []finding.Finding, list []config.Approval, partial bool, now time.Time) []finding.Finding {
	used := make([]bool, len(list))
	out := findings[:0:0]
	for _, f := range findings {
		for i, a := range list {
			if a.Rule != f.Rule || a.Contract != f.Subject || a.Path != "" && a.Path != f.Path {
				continue
			}
			used[i] = true
			if !a.Expired(now) {
				f.Severity, f.Fix, f.Edits = finding.Note, "", nil
				f.Message += fmt.Sprintf(" (approved by %s until %s: %s)", a.Owner, a.Expires.Format(time.DateOnly), a.Reason)
			}
		}
		out = append(out, f)
	}
	for i, a := range list {
		f := finding.Finding{Pos: a.Pos, Subject: a.Contract}
		switch {
		case used[i] && a.Expired(now):
			f.Rule, f.Severity = approvalExpired, finding.Error
			f.Message = fmt.Sprintf("the approval of %s for %s by %s has expired on %s", a.Rule, a.Contract, a.Owner, a.Expires.Format(time.DateOnly))
			f.Fix = "mend the contract, or agree on a new day with the owner"
		case !used[i] && !partial:
			f.Rule, f.Severity = approvalUnused, finding.Note
			f.Message = fmt.Sprintf("there is no %s for %s any more that this approves", a.Rule, a.Contract)
			f.Fix = "remove the entry"
		default:
			continue
		}
		out = append(out, f)
	}
	return out
}

package cli

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/finding"
)

// policy is what people decided about findings, beside the level: how severe rules are, and which findings are accepted.
type policy struct {
	severities severities
	approved   []config.Approval
}

// policyOf reads avow.yaml's and that of the file with approvals beside it.
func policyOf(cfg *config.Config) (policy, error) {
	var p policy
	var err error
	if p.severities, err = severitiesOf(cfg); err != nil {
		return p, err
	}
	if p.approved, err = config.LoadApprovals(shortPath(filepath.Join(cfg.Dir, config.ApprovalsName))); err != nil {
		return p, err
	}
	var errs avsc.ErrorList
	for _, a := range p.approved {
		if _, err := ruleNamed(compatRules(), a.Rule); err != nil {
			errs = append(errs, &avsc.Error{Pos: a.Pos, Err: err})
		}
	}
	return p, errs.Err()
}

// apply returns findings as they are to be reported. partial says that only some contracts were looked at.
func (p policy) apply(findings []finding.Finding, partial bool) []finding.Finding {
	accepted, aside := approve(p.severities.apply(findings), p.approved, partial, time.Now())
	return append(accepted, p.severities.apply(aside)...)
}

// approve turns findings that somebody approved into notes that say who, and returns besides what is to say of the
// approvals: one that has expired accepts nothing and is an error while there is something it was for; one that there is
// nothing for any more is a note, unless only some contracts were looked at.
func approve(findings []finding.Finding, list []config.Approval, partial bool, now time.Time) (out, aside []finding.Finding) {
	used := make([]bool, len(list))
	for _, f := range findings {
		for i, a := range list {
			if !strings.EqualFold(a.Rule, f.Rule) || a.Contract != f.Subject || a.Path != "" && a.Path != f.Path {
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
		aside = append(aside, f)
	}
	return out, aside
}

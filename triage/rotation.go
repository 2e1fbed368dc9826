package triage

import (
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	codeLoginRefused     diag.Code = "logs.database-auth-failed"
	codeSecretRotated    diag.Code = "changes.secret-rotated"
	codeCredentialsReset diag.Code = "rds.credentials-reset"
	codeClusterReset     diag.Code = "rds.cluster-credentials-reset"

	// rotates is within which time of a change of credentials refused logins are its own: new tasks start, health checks
	// pass, and old tasks drain (five minutes by default, "deregistration delay"). clocksDiffer is how much earlier the
	// first may seem: a rotation changes the database before the secret is done.
	rotates, clocksDiffer = 30 * time.Minute, 2 * time.Minute
)

// settled takes the weight from what a change of credentials brings for a while, where that is over and nothing else is
// wrong: logins that were refused until the clients had the new password, and the change itself. A trouble that lasts
// sets no Until, and keeps its weight. A change of credentials that no log tells anything of keeps it too, where
// somebody complains of something: its clients may be out of sight.
func settled(found []diag.Finding, asked SymptomKind) {
	var brief []int
	quiet := asked == Unknown
	for i, f := range found {
		if f.Severity < diag.SeverityWarning || f.Change {
			continue
		}
		reset := f.Code == codeCredentialsReset || f.Code == codeClusterReset
		if !reset && !ofRotation(found, f) {
			return // something else is wrong, and this may be its cause
		}
		quiet = quiet || !reset
		brief = append(brief, i)
	}
	if !quiet {
		return
	}
	for _, i := range brief {
		found[i].Severity = diag.SeverityInfo
		if found[i].Code == codeLoginRefused {
			found[i].Summary += "; over, and credentials were changed just before"
		}
	}
}

// ofRotation reports refused logins, and what else a log told of at that time, that began with a change of credentials
// and ended soon after it.
func ofRotation(found []diag.Finding, f diag.Finding) bool {
	if f.Until.IsZero() || !strings.HasPrefix(string(f.Code), "logs.") {
		return false
	}
	return slices.ContainsFunc(found, func(c diag.Finding) bool {
		if c.Code != codeSecretRotated && c.Code != codeCredentialsReset && c.Code != codeClusterReset {
			return false
		}
		return !f.Since.Before(c.Since.Add(-clocksDiffer)) && !f.Until.After(c.Since.Add(rotates)) &&
			slices.ContainsFunc(found, func(o diag.Finding) bool {
				return o.Code == codeLoginRefused && !o.Since.After(f.Since.Add(clocksDiffer))
			})
	})
}

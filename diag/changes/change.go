package changes

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// Change is one change of one or more resources.
type Change struct {
	At time.Time
	// Code is that of the change's [Family], such as "changes.route-deleted".
	Code diag.Code
	// Actor is who did it.
	Actor Actor
	// Source is where the call came from: an IP address, or the AWS service that made it.
	Source string
	// UserAgent is the program that made the call, as it calls itself.
	UserAgent string
	// EventName and EventSource are CloudTrail's: "DeleteRoute", "ec2.amazonaws.com". Other sources use names of their
	// own.
	EventName   string
	EventSource string
	// EventID is CloudTrail's; of another source whatever names the change there, such as a commit.
	EventID string
	// Resources are what was changed, the most telling first.
	Resources []diag.Resource
	// Related are resources that the change names but did not touch.
	Related []diag.Related
	// Summary tells the change in one line: who did what to what.
	Summary string
	// Details are the parameters of the call, by name. Values that may be secret are left out.
	Details []Detail
	// Nature is how it takes effect; see [diag.Nature].
	Nature diag.Nature
	// Before are settings that the change altered, with what they were before: as the answer to the call tells, or an
	// earlier call on the same resource. Where neither does, nothing stands here.
	Before []Detail
	// Until is when it was taken back; zero if it was not, within the window.
	Until time.Time
	// Steps undo the change, where that can be told from it.
	Steps []diag.Step
	// ErrorCode and ErrorMessage say why a call was refused; they are empty for what is a change.
	ErrorCode    string
	ErrorMessage string

	fromConsole bool   // CloudTrail says so ("CloudTrail record contents", sessionCredentialFromConsole)
	detail      string // what was set or taken away, as the summary tells it
	sets        []setting
}

// Detail is one parameter of a change.
type Detail struct{ Name, Value string }

// Source is where changes come from: CloudTrail, a version history, a deployment pipeline, a store of feature flags.
// What was found is returned even with an error. Changes need no [Change.Code]; without one they count as "other".
type Source interface {
	Changes(ctx context.Context, window diag.Window) ([]Change, error)
}

// Touches reports whether the change was made to a resource: the ARNs are equal, or type and id are and neither account
// nor region say otherwise.
func (c Change) Touches(r diag.Resource) bool {
	return slices.ContainsFunc(c.Resources, func(have diag.Resource) bool { return same(have, r) })
}

// Family returns the family of the change.
func (c Change) Family() Family { return FamilyOf(c.Code) }

func same(a, b diag.Resource) bool {
	if a.ARN != "" && a.ARN == b.ARN {
		return true
	}
	return a.Type == b.Type && a.ID == b.ID && a.ID != "" && agree(a.Account, b.Account) && agree(a.Region, b.Region)
}

func agree(a, b string) bool { return a == "" || b == "" || a == b }

// inOrder sorts changes, the oldest first, and drops those that two sources told of.
func inOrder(changes []Change) []Change {
	slices.SortStableFunc(changes, func(a, b Change) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.EventID, b.EventID), cmp.Compare(a.Summary, b.Summary))
	})
	return slices.CompactFunc(changes, func(a, b Change) bool {
		return a.EventID != "" && a.EventID == b.EventID && a.EventSource == b.EventSource && a.At.Equal(b.At)
	})
}

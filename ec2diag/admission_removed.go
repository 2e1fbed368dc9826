package ec2diag

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

// RemovedRule is an ingress rule that somebody took out of a security group and did not put back.
type RemovedRule struct {
	At    time.Time
	Group string
	// Summary tells who took out what, in one line.
	Summary string
}

// Admission is what the security groups of an instance used to let in.
type Admission struct {
	instance *Instance
	removed  func(context.Context) ([]RemovedRule, error)
	known    diag.Memo[[]RemovedRule]
}

var _ diag.Subject = (*Admission)(nil)

// NewAdmission makes the admission of an instance. EC2 keeps no rules that are gone: removed is asked, who reads
// CloudTrail.
func NewAdmission(instance *Instance, removed func(context.Context) ([]RemovedRule, error)) *Admission {
	return &Admission{instance: instance, removed: removed}
}

// Resource names the instance.
func (a *Admission) Resource() diag.Resource { return a.instance.Resource() }

// Removed returns the ingress rules that were taken out of the security groups of the instance, the oldest first.
func (a *Admission) Removed(ctx context.Context) ([]RemovedRule, error) {
	return a.known.Get(ctx, func(ctx context.Context) ([]RemovedRule, error) {
		d, err := a.instance.Describe(ctx)
		if err != nil || !running(d) {
			return nil, err
		}
		var groups []string
		for _, g := range d.SecurityGroups {
			groups = append(groups, aws.ToString(g.GroupId))
		}
		all, err := a.removed(ctx)
		return slices.DeleteFunc(slices.Clone(all),
			func(r RemovedRule) bool { return !slices.Contains(groups, r.Group) }), err
	})
}

// AdmissionChecks returns all checks of an [Admission], for who asks because an instance is not reached.
func AdmissionChecks() []*diag.Check[*Admission] { return []*diag.Check[*Admission]{AdmissionRemoved} }

// AdmissionRemoved reports ingress rules that were taken out of the security groups of an instance.
var AdmissionRemoved = &diag.Check[*Admission]{
	Info: diag.Info{
		Code: "ec2.admission-removed", Title: "Rule that let traffic in was removed", Severity: diag.SeverityWarning,
		Confidence: diag.Likely,
		Doc: "Somebody took an ingress rule out of a security group of the instance, and did not put it back: who came " +
			"in by it does not any more. Asked only where somebody does not reach the instance, since nobody knows from where.",
		Actions: []string{"cloudtrail:LookupEvents", "ec2:DescribeInstances"},
		Breaks:  []diag.Mechanism{diag.NetworkPath}, Needs: []diag.Mechanism{diag.NetworkPath},
		Limits: "CloudTrail shows a call minutes after it was made. Another rule may let the same traffic in.",
		Source: "Amazon VPC user guide, Security group rules",
	},
	Run: func(ctx context.Context, a *Admission) ([]diag.Finding, error) {
		removed, err := a.Removed(ctx)
		var found []diag.Finding
		for _, r := range removed {
			found = append(found, diag.Finding{Since: r.At,
				Summary: fmt.Sprintf("security group %s of instance %s lets less in: %s", r.Group, a.instance.id, r.Summary),
				Evidence: []diag.Evidence{{Source: "cloudtrail:LookupEvents", Field: "RevokeSecurityGroupIngress",
					Value: r.Summary, At: r.At}},
				Related: []diag.Related{{Resource: resource(typeSecurityGroup, r.Group), Role: "security group"}},
				NextSteps: []diag.Step{{Text: "Compare the rules of the group with where people come from.",
					Command: "aws ec2 describe-security-group-rules --filters Name=group-id,Values=" + r.Group}},
			})
		}
		return found, err
	},
}

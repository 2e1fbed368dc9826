package ssmdiag

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag"
)

const associationFailed = "Failed"

// AssociationFailed reports State Manager associations whose last run on the node failed.
var AssociationFailed = &diag.Check[*ManagedNode]{
	Info: diag.Info{
		Code: "ssm.association-failed", Title: "Association failed", Severity: diag.SeverityInfo,
		Doc: "The last run of a State Manager association on the node failed: what it keeps in place, such as an " +
			"agent, an inventory or a configuration, may be missing or old. The details of associations are asked for " +
			"only if the node says that one failed.",
		Actions: []string{callAssociations, callInformation},
		Source:  "Systems Manager API reference, InstanceInformation, AssociationStatus; InstanceAssociationStatusInfo",
	},
	Run: func(ctx context.Context, n *ManagedNode) ([]diag.Finding, error) {
		info, err := n.Information(ctx)
		if err != nil || info == nil || aws.ToString(info.AssociationStatus) != associationFailed {
			return nil, err
		}
		f := diag.Finding{
			Evidence: []diag.Evidence{{Source: callInformation, Field: "AssociationStatus", Value: associationFailed,
				At: aws.ToTime(info.LastAssociationExecutionDate)}},
			NextSteps: []diag.Step{{
				Text:    "See what each association of the node says.",
				Command: "aws ssm describe-instance-associations-status --instance-id " + n.id,
			}},
		}
		list, err := n.Associations(ctx)
		var names []string
		for _, a := range list {
			if aws.ToString(a.Status) == associationFailed {
				names = append(names, nameOf(a))
				f.Evidence = append(f.Evidence, associationEvidence(a))
			}
		}
		f.Summary = fmt.Sprintf("the last run of State Manager associations on %s failed", n.id)
		if len(names) > 0 {
			f.Summary += ": " + strings.Join(names, ", ")
		}
		return []diag.Finding{f}, err
	},
}

func nameOf(a types.InstanceAssociationStatusInfo) string {
	for _, name := range []*string{a.AssociationName, a.Name, a.AssociationId} {
		if aws.ToString(name) != "" {
			return *name
		}
	}
	return "one without a name"
}

func associationEvidence(a types.InstanceAssociationStatusInfo) diag.Evidence {
	value := associationFailed
	for _, more := range []*string{a.DetailedStatus, a.ErrorCode, a.ExecutionSummary} {
		if aws.ToString(more) != "" && *more != value {
			value += "; " + *more
		}
	}
	return diag.Evidence{Source: callAssociations, Field: "InstanceAssociationStatusInfos[" + nameOf(a) + "]",
		Value: value, At: aws.ToTime(a.ExecutionDate)}
}

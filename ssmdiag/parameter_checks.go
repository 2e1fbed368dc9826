package ssmdiag

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

const sourceParameters = "Systems Manager API reference, DescribeParameters"

// ParameterMissing reports parameters that ought to exist and do not.
var ParameterMissing = &diag.Check[*Parameters]{
	Info: diag.Info{
		Code: "ssm.parameter-missing", Title: "Parameter missing", Severity: diag.SeverityError,
		Doc: "A parameter that was named, or is expected, does not exist in this account and region: who reads it gets " +
			"ParameterNotFound.",
		Actions: []string{callParameters}, Breaks: []diag.Mechanism{diag.SecretRead}, Source: sourceParameters,
	},
	Run: func(ctx context.Context, p *Parameters) ([]diag.Finding, error) {
		list, err := p.List(ctx)
		if err != nil {
			return nil, err // what was not listed may exist
		}
		var findings []diag.Finding
		for _, name := range p.named() {
			if slices.ContainsFunc(list, func(m types.ParameterMetadata) bool { return aws.ToString(m.Name) == name }) {
				continue
			}
			findings = append(findings, diag.Finding{
				Resource: diag.Resource{Type: typeParameter, ID: name},
				Summary:  fmt.Sprintf("parameter %s does not exist", name),
				Evidence: []diag.Evidence{{Source: callParameters, Field: "Parameters", Value: "no entry for " + name}},
				NextSteps: []diag.Step{{Text: "See who deleted it.", Command: "aws cloudtrail lookup-events " +
					"--lookup-attributes AttributeKey=ResourceName,AttributeValue=" + name}},
			})
		}
		return findings, nil
	},
}

// named returns the names of the parameters that ought to exist.
func (p *Parameters) named() []string {
	names := slices.Clone(p.own())
	for _, e := range p.expect {
		names = append(names, e.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// ParameterChangedAfterStart reports parameters that changed after their consumers started.
var ParameterChangedAfterStart = &diag.Check[*Parameters]{
	Info: diag.Info{
		Code: "ssm.parameter-changed-after-start", Title: "Parameter changed after its consumers started",
		Severity: diag.SeverityInfo,
		Doc: "A parameter was changed after the programs that read it started. Programs that read it once, as ECS tasks " +
			"do, go on with the old value until they are replaced; new ones get the new value.",
		Actions: []string{callParameters}, Source: sourceParameters,
		Limits: "It is silent unless told when the consumers started.",
	},
	Run: func(ctx context.Context, p *Parameters) ([]diag.Finding, error) {
		list, err := p.List(ctx)
		var findings []diag.Finding
		for _, m := range list {
			changed := aws.ToTime(m.LastModifiedDate)
			if p.started.IsZero() || !changed.After(p.started) {
				continue
			}
			by := ""
			if m.LastModifiedUser != nil {
				by = " by " + *m.LastModifiedUser
			}
			findings = append(findings, diag.Finding{
				Resource: resourceOf(m), Since: changed,
				Summary: fmt.Sprintf("parameter %s was changed to version %d at %s%s, %s after its consumers started",
					orUnnamed(m.Name), m.Version, stamp(changed), by, words.Span(changed.Sub(p.started))),
				Evidence: []diag.Evidence{
					{Source: callParameters, Field: "LastModifiedDate", Value: stamp(changed), At: changed},
					{Source: callParameters, Field: "Version", Value: strconv.FormatInt(m.Version, 10)},
				},
			})
		}
		return findings, err
	},
}

// soon is how long before its end an expiration policy is a warning.
const soon = 7 * 24 * time.Hour

// ParameterExpiring reports parameters that Parameter Store is about to delete.
var ParameterExpiring = &diag.Check[*Parameters]{
	Info: diag.Info{
		Code: "ssm.parameter-expiring", Title: "Parameter expires", Severity: diag.SeverityWarning,
		Doc:     "An expiration policy deletes the parameter within a week.",
		Actions: []string{callParameters},
		Source:  "Systems Manager user guide, Assigning parameter policies in Parameter Store",
	},
	Run: func(ctx context.Context, p *Parameters) ([]diag.Finding, error) {
		list, err := p.List(ctx)
		var findings []diag.Finding
		for _, m := range list {
			policy, at := expiration(m)
			if at.IsZero() || at.Sub(p.window.End) > soon {
				continue
			}
			when := "in " + words.Span(at.Sub(p.window.End))
			if at.Before(p.window.End) {
				when = "any moment"
			}
			findings = append(findings, diag.Finding{
				Resource: resourceOf(m),
				Summary: fmt.Sprintf("parameter %s is deleted %s: its expiration policy ends at %s",
					orUnnamed(m.Name), when, stamp(at)),
				Evidence: []diag.Evidence{
					{Source: callParameters, Field: "Policies[Expiration].PolicyText", Value: policy},
				},
			})
		}
		return findings, err
	},
}

// expiration returns the expiration policy of a parameter and when it deletes it; zero if there is none.
func expiration(m types.ParameterMetadata) (policy string, at time.Time) {
	for _, p := range m.Policies {
		var text struct {
			Type       string
			Attributes struct{ Timestamp time.Time }
		}
		if p.PolicyText == nil || json.Unmarshal([]byte(*p.PolicyText), &text) != nil {
			continue
		}
		if text.Type == "Expiration" || aws.ToString(p.PolicyType) == "Expiration" {
			return *p.PolicyText, text.Attributes.Timestamp
		}
	}
	return "", time.Time{}
}

func orUnnamed(name *string) string {
	if strings.TrimSpace(aws.ToString(name)) == "" {
		return "(without a name)"
	}
	return *name
}

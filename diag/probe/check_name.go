package probe

import (
	"context"
	"fmt"

	"github.com/awsdiag/awsdiag/diag"
)

// NameNotFound finds a name without an address.
var NameNotFound = nameCheck(diag.Info{
	Code: "probe.name-not-found", Title: "Name does not exist",
	Doc: "The name service answers that the name does not exist or has no address: a record that was never made or is " +
		"gone, a private hosted zone that is not associated with this VPC, or a misspelt name.",
	Severity: diag.SeverityError, Actions: nameActions, Limits: limits,
	Breaks: []diag.Mechanism{diag.NameResolution, diag.Request},
	Source: "RFC 2308",
}, "%s has no address: %s", diag.Step{
	Text: "Compare with the records of the hosted zone, and see whether a private zone is associated with the " +
		"VPC from which is asked.",
	Doc: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html",
}, ReasonNoName)

// NameLookupFailed finds a name service that does not answer.
var NameLookupFailed = nameCheck(diag.Info{
	Code: "probe.name-lookup-failed", Title: "Name service does not answer",
	Doc: "The lookup ended without an answer about the name: the resolver is not reached, or it failed itself. " +
		"Whether the name exists is unknown.",
	Severity: diag.SeverityError, Actions: nameActions, Limits: limits,
	Breaks: []diag.Mechanism{diag.NameResolution}, Needs: []diag.Mechanism{diag.NetworkPath},
	Source: "RFC 1035",
}, "%s could not be looked up: %s", diag.Step{
	Text: "See whether the resolver is reached: DNS support of the VPC, its DHCP options, outbound port 53.",
	Doc:  "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html",
}, ReasonLookup, ReasonTimeout, ReasonOther)

func nameCheck(info diag.Info, summary string, step diag.Step, reasons ...Reason) *diag.Check[*Endpoint] {
	return &diag.Check[*Endpoint]{Info: info, Run: func(ctx context.Context, e *Endpoint) ([]diag.Finding, error) {
		r, err := e.Resolve(ctx)
		if err != nil || !r.is(reasons...) {
			return nil, err
		}
		return []diag.Finding{{
			Summary:  fmt.Sprintf(summary, e.target.host, r.Text),
			Evidence: []diag.Evidence{{Source: resolveAction, Field: e.target.host, Value: r.String()}},
			NextSteps: []diag.Step{
				{Text: "Look the name up by hand.", Command: "dig " + quoted(e.target.host)}, step},
		}}, nil
	}}
}

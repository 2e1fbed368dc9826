package rdsdiag

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// Exposed is what a network knows of the way from outside to a database.
type Exposed struct {
	// Routes tells for each subnet, by id, whether its route table leads to an internet gateway. What is not known is
	// missing.
	Routes map[string]bool
	// Open are the security groups that let everybody in on the database's port.
	Open []string
}

// Exposure is a database instance as one comes to it from outside its VPC. Its network is asked only where it is
// publicly accessible.
type Exposure struct {
	*DBInstance
	outside bool
	network func(context.Context, Location) (Exposed, error)
}

// NewExposure makes the exposure of an instance. outside says that a client outside the VPC is known to have trouble;
// what is advice else is an error then. The function tells what the network knows.
func NewExposure(i *DBInstance, outside bool, network func(context.Context, Location) (Exposed, error)) *Exposure {
	return &Exposure{i, outside, network}
}

// exposed returns where a publicly accessible instance is, and what its network knows; false for another.
func (e *Exposure) exposed(ctx context.Context) (Location, Exposed, bool, error) {
	at, err := e.Location(ctx)
	if err != nil || !at.Public || e.network == nil {
		return at, Exposed{}, false, err
	}
	seen, err := e.network(ctx, at)
	return at, seen, true, err
}

const exposureDoc = "Working with a DB instance in a VPC"

var publicEvidence = instanceEvidence("PubliclyAccessible", "true")

// PublicWithoutRoute reports a publicly accessible instance whose subnets the internet does not lead to.
var PublicWithoutRoute = &diag.Check[*Exposure]{
	Info: diag.Info{
		Code: "rds.public-without-route", Title: "Publicly accessible, and no route leads there", Severity: diag.SeverityInfo,
		Doc: "The instance is publicly accessible: outside the VPC its name resolves to a public address, inside to " +
			"a private one. But the route tables of its subnets have no internet gateway, so that nobody outside " +
			"reaches that address. An error where a client outside has trouble; else advice.",
		Actions: []string{callInstances}, Breaks: []diag.Mechanism{diag.NetworkPath, diag.DBAccept},
		Limits: "In which of its subnets the instance sits is not asked. Ways over VPN and peering use the private address.",
		Source: exposureDoc,
	},
	Run: func(ctx context.Context, e *Exposure) ([]diag.Finding, error) {
		at, seen, ok, err := e.exposed(ctx)
		var without, with []string
		for _, subnet := range at.Subnets {
			if leads, known := seen.Routes[subnet]; known && leads {
				with = append(with, subnet)
			} else if known {
				without = append(without, subnet)
			}
		}
		if !ok || len(without) == 0 {
			return nil, err
		}
		f := diag.Finding{Evidence: []diag.Evidence{publicEvidence}}
		for _, subnet := range without {
			f.Evidence = append(f.Evidence, evidence("ec2:DescribeRouteTables", subnet, "no route for 0.0.0.0/0 to an "+
				"internet gateway"))
			f.Related = append(f.Related, diag.Related{Resource: diag.Resource{Type: "AWS::EC2::Subnet", ID: subnet},
				Role: "subnet"})
		}
		f.Summary = fmt.Sprintf("%s is publicly accessible, but no internet gateway is in the routes of its subnets "+
			"(%s): nobody outside the VPC reaches %s:%d", e.ref.id, strings.Join(without, ", "), at.Host, at.Port)
		if len(with) > 0 {
			f.Summary = fmt.Sprintf("%s is publicly accessible, but of its subnets %s %s no route to an internet "+
				"gateway: while it sits there, nobody outside the VPC reaches it", e.ref.id, strings.Join(without, ", "),
				have(len(without)))
			f.Confidence = diag.Possible
		}
		switch {
		case e.outside && len(with) == 0 && len(without) == len(at.Subnets):
			f.Severity = diag.SeverityError
		case e.outside:
			f.Severity = diag.SeverityWarning
		}
		f.NextSteps = []diag.Step{{Text: "Come from inside the VPC, over VPN or a bastion; or move the database to a " +
			"subnet group " +
			"whose subnets all route 0.0.0.0/0 to an internet gateway."}, {Text: "If nobody outside needs it, make it private.",
			Changes: true, Command: "aws rds modify-db-instance --db-instance-identifier " + e.ref.id +
				" --no-publicly-accessible --apply-immediately"}}
		return []diag.Finding{f}, err
	},
}

func have(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}

// NotPublic reports an instance that a client outside cannot reach because it has no public address.
var NotPublic = &diag.Check[*Exposure]{
	Info: diag.Info{
		Code: "rds.not-public", Title: "Not reachable from outside", Severity: diag.SeverityError, Confidence: diag.Likely,
		Doc: "A client outside the VPC has trouble, and the instance is not publicly accessible: its name resolves " +
			"to a private address everywhere, which leads nowhere from there.",
		Actions: []string{callInstances}, Breaks: []diag.Mechanism{diag.NetworkPath, diag.DBAccept},
		Limits: "That the client comes from outside stands in the complaint only. Who comes over VPN, peering or " +
			"Direct Connect reaches the private address.",
		Source: exposureDoc,
	},
	Run: func(ctx context.Context, e *Exposure) ([]diag.Finding, error) {
		if !e.outside {
			return nil, nil
		}
		d, err := e.Describe(ctx)
		if err != nil || d.PubliclyAccessible == nil || *d.PubliclyAccessible {
			return nil, err
		}
		return []diag.Finding{{
			Summary: e.ref.id + " is not publicly accessible: its name resolves to a private address, which a client " +
				"outside the VPC does not reach",
			Evidence: []diag.Evidence{instanceEvidence("PubliclyAccessible", "false")},
			NextSteps: []diag.Step{{Text: "Come over a VPN, or forward a port through a managed instance in the VPC: aws ssm " +
				"start-session with AWS-StartPortForwardingSessionToRemoteHost."}, {Text: "Make it public only if " +
				"its subnets route to an internet gateway and its security groups name who may come."}},
		}}, nil
	},
}

// OpenToInternet reports an instance that anybody may try to log in to.
var OpenToInternet = &diag.Check[*Exposure]{
	Info: diag.Info{
		Code: "rds.open-to-internet", Title: "Open to the internet", Severity: diag.SeverityInfo,
		Doc: "The instance is publicly accessible, its subnets route to an internet gateway, and a security group " +
			"lets every address in on its port: anybody may try passwords, and each try takes a connection.",
		Actions: []string{callInstances}, Limits: "Network ACLs are not looked at.", Source: exposureDoc,
	},
	Run: func(ctx context.Context, e *Exposure) ([]diag.Finding, error) {
		at, seen, ok, err := e.exposed(ctx)
		routed := slices.ContainsFunc(at.Subnets, func(s string) bool { return seen.Routes[s] })
		if !ok || !routed || len(seen.Open) == 0 {
			return nil, err
		}
		f := diag.Finding{Evidence: []diag.Evidence{publicEvidence},
			Summary: fmt.Sprintf("%s is publicly accessible, and %s lets every address in on port %d", e.ref.id,
				strings.Join(seen.Open, ", "), at.Port),
			NextSteps: []diag.Step{{Text: "Let in only the addresses and groups that need it."}}}
		for _, group := range seen.Open {
			f.Evidence = append(f.Evidence, evidence("ec2:DescribeSecurityGroups", group, fmt.Sprintf("port %d open to "+
				"0.0.0.0/0 or ::/0",
				at.Port)))
			f.Related = append(f.Related, diag.Related{Resource: diag.Resource{Type: "AWS::EC2::SecurityGroup", ID: group},
				Role: "guard"})
		}
		return []diag.Finding{f}, err
	},
}

// ExposureChecks are the checks of how one comes to an instance from outside.
func ExposureChecks() []*diag.Check[*Exposure] {
	return []*diag.Check[*Exposure]{PublicWithoutRoute, NotPublic, OpenToInternet}
}

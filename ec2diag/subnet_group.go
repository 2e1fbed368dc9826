package ec2diag

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// SubnetGroup are the subnets that a managed service makes its network interfaces in, such as those of a DB subnet
// group, and their VPC. Unlike a [SubnetSet] it can tell which of them are gone.
type SubnetGroup struct {
	*SubnetSet
	vpc        string
	attributes VPCAttributeAPI
	named      bool

	off diag.Memo[[]string]
}

// NewSubnetGroup makes the subnets of a resource in a VPC. named says that it is to have a public DNS name there, which
// needs the DNS attributes of the VPC.
func NewSubnetGroup(
	network *Network, attributes VPCAttributeAPI, of diag.Resource, vpc string, named bool, ids ...string,
) *SubnetGroup {
	set := NewSubnetSet(network, of, ids...)
	return &SubnetGroup{SubnetSet: set, vpc: vpc, attributes: attributes, named: named}
}

// Subnets returns each of the subnets.
func (g *SubnetGroup) Subnets() []*Subnet {
	all := g.SubnetSet.Subnets()
	for _, s := range all {
		s.vpc = g.vpc
	}
	return all
}

// Describe returns those of the subnets that exist, by id.
func (g *SubnetGroup) Describe(ctx context.Context) ([]types.Subnet, error) {
	if g.vpc == "" {
		return g.SubnetSet.Describe(ctx)
	}
	all, err := g.network.subnetsOf(ctx, g.vpc, nil)
	return slices.DeleteFunc(slices.Clone(all), func(s types.Subnet) bool {
		return !slices.Contains(g.ids, aws.ToString(s.SubnetId))
	}), err
}

// SubnetGroupChecks returns all checks of a [SubnetGroup].
func SubnetGroupChecks() []*diag.Check[*SubnetGroup] {
	return []*diag.Check[*SubnetGroup]{SubnetsGone, VPCNamesOff}
}

const networkStateDoc = "Amazon RDS User Guide, How do I resolve problems with an incompatible-network state"

// SubnetsGone reports subnets that do not exist any more.
var SubnetsGone = &diag.Check[*SubnetGroup]{
	Info: diag.Info{
		Code: "ec2.subnets-gone", Title: "Subnets do not exist", Severity: diag.SeverityError,
		Doc: "Subnets that something is set up to run in do not exist in their VPC: no network interface can be made " +
			"there, so that it does not come back after a failover, a start or a change.",
		Actions: []string{"ec2:DescribeSubnets"}, Breaks: []diag.Mechanism{diag.Placement}, Source: networkStateDoc,
	},
	Run: func(ctx context.Context, g *SubnetGroup) ([]diag.Finding, error) {
		found, err := g.Describe(ctx)
		if err != nil || g.vpc == "" {
			return nil, err
		}
		gone := slices.DeleteFunc(slices.Clone(g.ids), func(id string) bool {
			return slices.ContainsFunc(found, func(s types.Subnet) bool { return aws.ToString(s.SubnetId) == id })
		})
		if len(gone) == 0 {
			return nil, nil
		}
		f := diag.Finding{Summary: fmt.Sprintf("of the %d subnets of %s, %s do not exist in %s", len(g.ids), label(g.of),
			strings.Join(gone, ", "), g.vpc)}
		if len(gone) == 1 {
			f.Summary = strings.Replace(f.Summary, " do not exist", " does not exist", 1)
		}
		for _, id := range gone {
			f.Evidence = append(f.Evidence, diag.Evidence{Source: "ec2:DescribeSubnets", Field: id, Value: "(not found)"})
			f.Related = append(f.Related, diag.Related{Resource: resource(typeSubnet, id), Role: "gone"})
		}
		f.NextSteps = []diag.Step{{Text: "Take them out of the subnet group, and put subnets of the same VPC in, in " +
			"two zones at least.", Changes: true, Command: "aws rds modify-db-subnet-group --db-subnet-group-name <group> " +
			"--subnet-ids <ids>"}}
		return []diag.Finding{f}, nil
	},
}

// VPCNamesOff reports a VPC that gives no DNS names to what is to have a public one.
var VPCNamesOff = &diag.Check[*SubnetGroup]{
	Info: diag.Info{
		Code: "ec2.vpc-names-off", Title: "VPC gives no DNS names", Severity: diag.SeverityWarning,
		Doc: "Something is to be reached under a public DNS name, and its VPC has enableDnsSupport or enableDnsHostnames " +
			"off. RDS " +
			"holds a publicly accessible database in the status incompatible-network for that.",
		Actions: []string{"ec2:DescribeVpcAttribute"}, Breaks: []diag.Mechanism{diag.Placement, diag.NameResolution},
		Source: networkStateDoc,
	},
	Run: func(ctx context.Context, g *SubnetGroup) ([]diag.Finding, error) {
		if !g.named || g.vpc == "" || g.attributes == nil {
			return nil, nil
		}
		off, err := g.attributesOff(ctx)
		if len(off) == 0 {
			return nil, err
		}
		f := diag.Finding{Summary: fmt.Sprintf("%s has %s off, which %s needs for its public name", g.vpc,
			strings.Join(off, " and "), label(g.of)),
			Related: []diag.Related{{Resource: resource(typeVPC, g.vpc), Role: "lies in"}}}
		for _, name := range off {
			f.Evidence = append(f.Evidence, diag.Evidence{Source: "ec2:DescribeVpcAttribute", Field: name, Value: "false"})
			f.NextSteps = append(f.NextSteps, diag.Step{Text: "Switch " + name + " on.", Changes: true,
				Command: fmt.Sprintf("aws ec2 modify-vpc-attribute --vpc-id %s --%s", g.vpc,
					map[string]string{"enableDnsSupport": "enable-dns-support", "enableDnsHostnames": "enable-dns-hostnames"}[name])})
		}
		return []diag.Finding{f}, err
	},
}

// attributesOff returns the DNS attributes of the VPC that are off. What AWS leaves out counts as on.
func (g *SubnetGroup) attributesOff(ctx context.Context) ([]string, error) {
	return g.off.Get(ctx, func(ctx context.Context) ([]string, error) {
		names := []types.VpcAttributeName{types.VpcAttributeNameEnableDnsSupport, types.VpcAttributeNameEnableDnsHostnames}
		on, errs := make([]bool, len(names)), make([]error, len(names))
		var group sync.WaitGroup
		for i, name := range names {
			group.Go(func() { on[i], errs[i] = attributeOf(ctx, g.attributes, g.vpc, name) })
		}
		group.Wait()
		var off []string
		for i, name := range names {
			if !on[i] {
				off = append(off, string(name))
			}
		}
		return off, join(errs...)
	})
}

// attributeOf reads one attribute of a VPC. What AWS leaves out counts as on, so that nothing is made of it.
func attributeOf(ctx context.Context, api VPCAttributeAPI, vpc string, name types.VpcAttributeName) (bool, error) {
	out, err := api.DescribeVpcAttribute(ctx, &ec2.DescribeVpcAttributeInput{VpcId: aws.String(vpc), Attribute: name})
	if err != nil {
		return true, fmt.Errorf("describing %s of %s: %w", name, vpc, err)
	}
	for _, v := range []*types.AttributeBooleanValue{out.EnableDnsSupport, out.EnableDnsHostnames} {
		if v != nil && v.Value != nil {
			return *v.Value, nil
		}
	}
	return true, nil
}

package triage

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/rdsdiag"
)

// needsNetwork are the statuses of an instance that RDS is about to give a network interface, or failed to ("Viewing
// Amazon RDS DB instance status").
var needsNetwork = []string{"creating", "failed", "incompatible-create", "incompatible-network", "incompatible-restore",
	"modifying", "moving-to-vpc", "starting"}

// databaseSubnets asks whether the subnets of a database exist, for their free addresses and their zones, and for the
// names that their VPC gives, where RDS needs an address there.
func (s *Scene) databaseSubnets() *diag.Survey[*rdsdiag.DBInstance] {
	return &diag.Survey[*rdsdiag.DBInstance]{
		Name:    "triage.database-subnets",
		Actions: []string{"rds:DescribeDBInstances"},
		Links: func(ctx context.Context, db *rdsdiag.DBInstance) ([]diag.Link, error) {
			described, err := db.Describe(ctx)
			if err != nil || described.DBSubnetGroup == nil ||
				!slices.Contains(needsNetwork, aws.ToString(described.DBInstanceStatus)) {
				return nil, err
			}
			var ids []string
			for _, subnet := range described.DBSubnetGroup.Subnets {
				ids = append(ids, aws.ToString(subnet.SubnetIdentifier))
			}
			r := diag.Resource{Type: typePath, ID: "subnets of " + db.Resource().String()}
			subject(s, typePath, r.ID, func() *ec2diag.SubnetGroup {
				return ec2diag.NewSubnetGroup(s.network, s.Scope.Clients.EC2, db.Resource(),
					aws.ToString(described.DBSubnetGroup.VpcId),
					aws.ToBool(described.PubliclyAccessible), ids...)
			})
			return []diag.Link{{From: db.Resource(), To: r, Role: "lies in"}}, nil
		},
	}
}

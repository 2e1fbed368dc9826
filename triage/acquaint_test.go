package triage_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
	"github.com/awsdiag/awsdiag/triage"
	"github.com/awsdiag/awsdiag/triage/triagefake"
)

const (
	dataAccount = "444455556666"
	dataVPC     = "vpc-0data"
	dataTable   = "rtb-0data"
	peeringID   = "pcx-0data"
)

// apart moves the database of a sound account into an account of its own, behind a peering connection.
func apart(w *world) *triagefake.Account {
	data := &triagefake.Account{ID: dataAccount, Region: w.Region}
	db := w.RDS.DBInstances[0]
	w.RDS.DBInstances = nil
	db.DBInstanceArn = aws.String(strings.Replace(*db.DBInstanceArn, w.ID, dataAccount, 1))
	subnet := *db.DBSubnetGroup.Subnets[0].SubnetIdentifier
	group := *db.DBSubnetGroup
	group.VpcId, group.Subnets = aws.String(dataVPC), group.Subnets[:1]
	db.DBSubnetGroup = &group
	data.RDS.DBInstances = append(data.RDS.DBInstances, db)
	data.RDS.DBParameterGroups, data.RDS.Parameters = w.RDS.DBParameterGroups, w.RDS.Parameters
	data.CloudWatch.Series = w.CloudWatch.Series
	data.EC2 = ec2fake.Client{
		Subnets: []ec2types.Subnet{{SubnetId: aws.String(subnet), VpcId: aws.String(dataVPC),
			CidrBlock:               aws.String("10.9.0.0/24"),
			AvailableIpAddressCount: aws.Int32(200)}},
		SecurityGroups: []ec2types.SecurityGroup{{GroupId: db.VpcSecurityGroups[0].VpcSecurityGroupId,
			VpcId:         aws.String(dataVPC),
			OwnerId:       aws.String(dataAccount),
			IpPermissions: []ec2types.IpPermission{ec2fake.TCP(*db.Endpoint.Port, ec2fake.FromCIDR("10.0.0.0/8"))}}},
		RouteTables: []ec2types.RouteTable{{RouteTableId: aws.String(dataTable), VpcId: aws.String(dataVPC),
			OwnerId:      aws.String(dataAccount),
			Associations: []ec2types.RouteTableAssociation{{Main: aws.Bool(true)}},
			Routes:       []ec2types.Route{ec2fake.Route("10.9.0.0/16", "local"), ec2fake.Route("10.150.0.0/16", peeringID)}}},
		NetworkACLs: []ec2types.NetworkAcl{{NetworkAclId: aws.String("acl-0data"), VpcId: aws.String(dataVPC),
			OwnerId: aws.String(dataAccount),
			Entries: ec2fake.OpenACL(), Associations: []ec2types.NetworkAclAssociation{{SubnetId: aws.String(subnet)}}}},
	}
	for i := range w.EC2.RouteTables {
		w.EC2.RouteTables[i].Routes = append(w.EC2.RouteTables[i].Routes, ec2fake.Route("10.9.0.0/16", peeringID))
	}
	return data
}

func (w *world) across(data *triagefake.Account) *diag.Report {
	s := w.service("quotes")
	symptom := triage.Symptom{Kind: triage.DBUnreachable, Target: short(*s.ClusterArn) + "/" + *s.ServiceName,
		TargetType: targetService, Since: w.ago(30 * time.Minute)}
	report, err := triage.Investigate(w.Context(), []triage.Scope{w.Scope(), data.Scope()}, symptom,
		triage.Options{Now: w.now})
	require.NoError(w, err)
	return report
}

func TestDatabaseInAnotherAccount(t *testing.T) {
	w := newWorld(t)
	data := apart(w)
	report := w.across(data)
	assert.Less(t, report.Worst(), diag.SeverityWarning, "%s", report)
	stores := slices.IndexFunc(report.Links, func(l diag.Link) bool { return l.Role == "stores in" })
	require.GreaterOrEqual(t, stores, 0)
	assert.Equal(t, dataAccount, report.Links[stores].To.Account)
}

func TestWayBackMissingInAnotherAccount(t *testing.T) {
	w := newWorld(t)
	data := apart(w)
	data.EC2.RouteTables[0].Routes = data.EC2.RouteTables[0].Routes[:1]
	report := w.across(data)
	require.NotEmpty(t, report.Roots(), "%s", report)
	root := report.Roots()[0]
	assert.Equal(t, diag.Code("ec2.route-missing"), root.Code, told(report.Roots()))
	assert.Equal(t, dataTable, root.Resource.ID)
	assert.Equal(t, dataAccount, root.Resource.Account)
}

package rdsdiag

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

// Location is where clients find a database, and what stands before it in the network.
type Location struct {
	// Host and Port are those of the endpoint; empty and zero while there is none.
	Host string
	Port int32
	// Public reports that the host resolves to a public address outside the VPC.
	Public bool
	// VPC, Subnets and Groups are ids. The database has its interfaces in one of the subnets, or one in each of two.
	VPC             string
	Subnets, Groups []string
}

// Location returns where the instance is.
func (i *DBInstance) Location(ctx context.Context) (Location, error) {
	d, err := i.Describe(ctx)
	if err != nil {
		return Location{}, err
	}
	at := Location{Public: aws.ToBool(d.PubliclyAccessible)}
	if d.Endpoint != nil {
		at.Host, at.Port = aws.ToString(d.Endpoint.Address), aws.ToInt32(d.Endpoint.Port)
	}
	if d.DBSubnetGroup != nil {
		at.VPC = aws.ToString(d.DBSubnetGroup.VpcId)
		for _, s := range d.DBSubnetGroup.Subnets {
			at.Subnets = appendID(at.Subnets, s.SubnetIdentifier)
		}
	}
	for _, g := range d.VpcSecurityGroups {
		at.Groups = appendID(at.Groups, g.VpcSecurityGroupId)
	}
	return at, nil
}

// Location returns where the cluster's writer endpoint is. A cluster does not say its subnets; its instances do.
func (c *DBCluster) Location(ctx context.Context) (Location, error) {
	d, err := c.Describe(ctx)
	if err != nil {
		return Location{}, err
	}
	at := Location{Host: aws.ToString(d.Endpoint), Port: aws.ToInt32(d.Port), Public: aws.ToBool(d.PubliclyAccessible)}
	for _, g := range d.VpcSecurityGroups {
		at.Groups = appendID(at.Groups, g.VpcSecurityGroupId)
	}
	return at, nil
}

// Writer returns the identifier of the instance that takes the cluster's writes. A cluster without one is an error of
// [diag.KindNotFound].
func (c *DBCluster) Writer(ctx context.Context) (string, error) {
	d, err := c.Describe(ctx)
	if err != nil {
		return "", err
	}
	for _, m := range d.DBClusterMembers {
		if aws.ToBool(m.IsClusterWriter) {
			return aws.ToString(m.DBInstanceIdentifier), nil
		}
	}
	return "", diag.Errorf(diag.KindNotFound, "database cluster %s has no writer", c.ref.id)
}

func appendID(ids []string, id *string) []string {
	if aws.ToString(id) == "" {
		return ids
	}
	return append(ids, *id)
}

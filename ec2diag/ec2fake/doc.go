// Package ec2fake is an Amazon EC2 account in memory: the literal of a [Client] is the world.
//
//	world := &ec2fake.Client{SecurityGroups: []types.SecurityGroup{{
//		GroupId: aws.String("sg-web"), VpcId: aws.String("vpc-1"),
//	}}}
//
// It knows the filters that this module uses, with the wildcards of EC2, and refuses every other with the code that EC2
// has for it, as it does for ids that do not exist.
package ec2fake

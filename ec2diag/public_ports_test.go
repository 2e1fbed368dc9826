package ec2diag_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

func TestOpenToInternet(t *testing.T) {
	open := func(permissions ...types.IpPermission) func(*ec2fake.Client) {
		return func(c *ec2fake.Client) {
			for i := range c.NetworkInterfaces {
				if *c.NetworkInterfaces[i].NetworkInterfaceId == ec2fake.InstanceFace {
					c.NetworkInterfaces[i].Association = &types.NetworkInterfaceAssociation{PublicIp: aws.String("203.0.113.40")}
				}
			}
			group(c, ec2fake.TaskGroup).IpPermissions = permissions
		}
	}
	everybody := ec2fake.FromCIDR("0.0.0.0/0")
	all := ec2fake.TCP(0, everybody)
	all.IpProtocol, all.FromPort, all.ToPort = aws.String("-1"), nil, nil
	udp := ec2fake.TCP(53, everybody)
	udp.IpProtocol = aws.String("udp")
	for _, test := range []struct {
		name   string
		change func(*ec2fake.Client)
		want   []int32
	}{
		{"no public address", nil, nil},
		{"two ports and an office", open(ec2fake.TCP(8443, everybody), ec2fake.TCP(80, everybody),
			ec2fake.TCP(22, ec2fake.FromCIDR("198.51.100.0/24"))), []int32{80, 8443}},
		{"everything", open(all), []int32{443}},
		{"no TCP", open(udp), nil},
		{"nothing", open(), nil},
	} {
		found, err := ec2diag.NewNetwork(edit(test.change), window).OpenToInternet(t.Context(), ec2fake.InstanceA)
		require.NoError(t, err)
		var ports []int32
		for _, o := range found {
			assert.Equal(t, ec2fake.InstanceFace, o.Interface.ID)
			ports = append(ports, o.Ports...)
		}
		assert.Equal(t, test.want, ports, test.name)
	}
}

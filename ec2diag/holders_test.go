package ec2diag_test

import (
	"net/netip"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

func TestHolders(t *testing.T) {
	public := &types.NetworkInterfaceAssociation{PublicIp: aws.String("203.0.113.9")}
	client := &ec2fake.Client{NetworkInterfaces: []types.NetworkInterface{
		{NetworkInterfaceId: aws.String("eni-b"), VpcId: aws.String("vpc-2"), PrivateIpAddress: aws.String("10.0.1.7")},
		{NetworkInterfaceId: aws.String("eni-a"), VpcId: aws.String("vpc-1"), PrivateIpAddress: aws.String("10.0.1.7"),
			Attachment:    &types.NetworkInterfaceAttachment{InstanceId: aws.String("i-1")},
			Ipv6Addresses: []types.NetworkInterfaceIpv6Address{{Ipv6Address: aws.String("2001:db8::7")}},
			PrivateIpAddresses: []types.NetworkInterfacePrivateIpAddress{{PrivateIpAddress: aws.String("10.0.1.7")},
				{PrivateIpAddress: aws.String("10.0.1.8")}}, Association: public},
		{NetworkInterfaceId: aws.String("eni-c"), Description: aws.String("ELB app/web/50dc6c495c0c9188"),
			PrivateIpAddresses: []types.NetworkInterfacePrivateIpAddress{{PrivateIpAddress: aws.String("10.0.2.2")}, {}}},
		{NetworkInterfaceId: aws.String("eni-d"), Description: aws.String("ELB classic")},
		{}, // AWS may leave anything out
	}}
	network := ec2diag.NewNetwork(client, diag.Window{})
	for _, tt := range []struct {
		name, address string
		want          []string // interface, instance, load balancer
	}{
		{"private, in two VPCs", "10.0.1.7", []string{"eni-a", "i-1", "", "eni-b", "", ""}},
		{"public", "203.0.113.9", []string{"eni-a", "i-1", ""}},
		{"private and secondary", "10.0.1.8", []string{"eni-a", "i-1", ""}},
		{"IPv6", "2001:db8::7", []string{"eni-a", "i-1", ""}},
		{"IPv4 as IPv6", "::ffff:10.0.2.2", []string{"eni-c", "", "app/web/50dc6c495c0c9188"}},
		{"nobody's", "10.9.9.9", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			found, err := network.Holders(t.Context(), netip.MustParseAddr(tt.address))
			require.NoError(t, err)
			var got []string
			for _, h := range found {
				assert.Equal(t, netip.MustParseAddr(tt.address).Unmap(), h.Address)
				got = append(got, h.Interface, h.Instance, h.LoadBalancer())
			}
			assert.Equal(t, tt.want, got)
		})
	}
	client.Deny("ec2:DescribeNetworkInterfaces")
	_, err := ec2diag.NewNetwork(client, diag.Window{}).Holders(t.Context(), netip.MustParseAddr("10.0.1.7"))
	assert.ErrorContains(t, err, "describing the network interfaces")
}

package ec2diag

import (
	"cmp"
	"strings"
	"unicode"

	"github.com/awsdiag/awsdiag/diag"
)

// The CloudFormation types of the resources that this package names.
const (
	typeInstance      = "AWS::EC2::Instance"
	typeVolume        = "AWS::EC2::Volume"
	typeInterface     = "AWS::EC2::NetworkInterface"
	typeSecurityGroup = "AWS::EC2::SecurityGroup"
	typeSubnet        = "AWS::EC2::Subnet"
	typeNetworkACL    = "AWS::EC2::NetworkAcl"
	typeRouteTable    = "AWS::EC2::RouteTable"
	typeNATGateway    = "AWS::EC2::NatGateway"
	typeEndpoint      = "AWS::EC2::VPCEndpoint"
	typeVPC           = "AWS::EC2::VPC"
	typePath          = "AWS::EC2::NetworkInsightsPath"
	typeTargetGroup   = "AWS::ElasticLoadBalancingV2::TargetGroup"
)

func resource(typ, id string) diag.Resource { return diag.ResourceOf(typ, id, "") }

// label names a resource in a sentence: "target group web".
func label(r diag.Resource) string {
	name := r.Type[strings.LastIndex(r.Type, ":")+1:]
	var words strings.Builder
	for i, c := range name {
		if i > 0 && unicode.IsUpper(c) && !unicode.IsUpper(rune(name[i-1])) {
			words.WriteByte(' ')
		}
		words.WriteRune(unicode.ToLower(c))
	}
	id := cmp.Or(r.ID, r.ARN)
	if words.String() == id || strings.HasPrefix(id, words.String()+" ") || strings.HasPrefix(id, words.String()+"-") {
		return id
	}
	return strings.TrimSpace(words.String() + " " + id)
}

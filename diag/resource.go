package diag

import (
	"cmp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
)

// Resource names one AWS resource. It is comparable.
//
// Type is the CloudFormation type name ("AWS::ECS::Service"). ID is the name a person would use, unique within the
// type, account and region:
//
//	AWS::ECS::Cluster                          cluster name
//	AWS::ECS::Service                          cluster/service
//	AWS::ECS::Task                             task id
//	AWS::ECS::TaskDefinition                   family:revision
//	AWS::ElasticLoadBalancingV2::LoadBalancer  load balancer name
//	AWS::ElasticLoadBalancingV2::TargetGroup   target group name
//	AWS::EC2::SecurityGroup and other EC2      sg-…, subnet-…, i-…
//	AWS::Logs::LogGroup                        log group name
//
// ARN may be empty where the service gives none. Account and Region may be empty until a run fills them in.
type Resource struct {
	Type    string `json:"type"`
	ID      string `json:"id"`
	ARN     string `json:"arn,omitempty"`
	Account string `json:"account,omitempty"`
	Region  string `json:"region,omitempty"`
}

// ResourceOf makes a resource from its type, its id and, where known, its ARN, from which account and region are taken.
func ResourceOf(typ, id, resourceARN string) Resource {
	r := Resource{Type: typ, ID: id, ARN: resourceARN}
	if a, err := arn.Parse(resourceARN); err == nil {
		r.Account, r.Region = a.AccountID, a.Region
	}
	return r
}

// In returns the resource with account and region filled in where they were empty.
func (r Resource) In(account, region string) Resource {
	r.Account = cmp.Or(r.Account, account)
	r.Region = cmp.Or(r.Region, region)
	return r
}

// IsZero reports whether the resource names nothing.
func (r Resource) IsZero() bool { return r.Type == "" && r.ID == "" && r.ARN == "" }

// String returns the id behind the short form of the type, such as "ECS::Service prod/api".
func (r Resource) String() string {
	return strings.TrimSpace(strings.TrimPrefix(r.Type, "AWS::") + " " + cmp.Or(r.ID, r.ARN))
}

// key identifies a resource however much of it a package knew: the ARN is not part of it.
func (r Resource) key() Resource {
	r.ARN = ""
	return r
}

func compareResources(a, b Resource) int {
	return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Account, b.Account),
		cmp.Compare(a.Region, b.Region), cmp.Compare(a.ARN, b.ARN))
}

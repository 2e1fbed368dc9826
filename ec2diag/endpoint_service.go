package ec2diag

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// endpointNames are the services that are called otherwise by their endpoints than by the prefix of their IAM actions
// ("AWS services that integrate with AWS PrivateLink"; for Step Functions "Creating Amazon VPC endpoints for Step
// Functions", for AppConfig "Access AWS AppConfig using an interface endpoint"; "Actions, resources, and condition keys
// for AWS services", Service Authorization Reference). The first of those lists names email-smtp only; the endpoint of
// the API of Amazon SES, "email", is known from published Terraform configurations.
var endpointNames = map[string][]string{
	"cloudwatch": {"monitoring"}, "kinesis": {"kinesis-streams"}, "firehose": {"kinesis-firehose"},
	"states": {"states", "sync-states"}, "ses": {"email", "email-smtp"}, "mobiletargeting": {"pinpoint"},
	"appconfig": {"appconfig", "appconfigdata"},
}

// leadsTo reports an endpoint service that actions with a prefix go to: named so, or a part of it, as "ecr.dkr" is of
// "ecr" and "bedrock-runtime" of "bedrock".
func (s Service) leadsTo(prefix string) bool {
	prefix = strings.ToLower(prefix)
	names, ok := endpointNames[prefix]
	if !ok {
		names = []string{prefix}
	}
	return slices.ContainsFunc(names, func(name string) bool {
		rest, ok := strings.CutPrefix(string(s), name)
		return ok && (rest == "" || rest[0] == '.' || rest[0] == '-')
	})
}

// EndpointsTo returns the available VPC endpoints, in the VPCs of a place, through which calls to an AWS service go
// that is given by the prefix of its IAM actions: "sqs". Where the place cannot be told wholly it returns what it found
// with the error.
func (n *Network) EndpointsTo(ctx context.Context, at Location, prefix string) ([]types.VpcEndpoint, error) {
	from, err := n.Locate(ctx, at)
	errs := []error{err}
	var found []types.VpcEndpoint
	var done []string
	for _, f := range from {
		if f.VPC == "" || slices.Contains(done, f.VPC) {
			continue
		}
		done = append(done, f.VPC)
		all, err := n.VPCEndpoints(ctx, f.VPC)
		errs = append(errs, err)
		for _, e := range all {
			if e.VpcEndpointId != nil && available(e) && serviceOf(e).leadsTo(prefix) {
				found = append(found, e)
			}
		}
	}
	return found, join(errs...)
}

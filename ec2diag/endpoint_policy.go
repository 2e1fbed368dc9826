package ec2diag

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

// policyStatement is a statement of an endpoint policy, as far as it is judged.
type policyStatement struct {
	Effect                                   string
	Action, NotAction, Resource, NotResource oneOrMany
	Condition                                json.RawMessage
}

// oneOrMany is what a policy writes as a string or as a list of them.
type oneOrMany []string

// UnmarshalJSON reads either form.
func (o *oneOrMany) UnmarshalJSON(text []byte) error {
	var one string
	if err := json.Unmarshal(text, &one); err == nil {
		*o = oneOrMany{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(o))
}

// policyNeed is an action that a policy has to allow for a service to be of use; resource is empty where any will do.
type policyNeed struct{ action, resource string }

// policyNeeds are what nobody can do without who needs a service at all ("Create the VPC endpoints for Amazon ECR",
// "Using CloudWatch Logs with interface VPC endpoints", "Using an AWS Secrets Manager VPC endpoint"; the agents' own by
// "AmazonSSMManagedInstanceCore" and "Amazon ECS container instance IAM role").
var policyNeeds = map[Service][]string{
	ECRAPI: {"ecr:GetAuthorizationToken"}, ECRDKR: {"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"},
	Logs: {"logs:CreateLogStream", "logs:PutLogEvents"}, SecretsManager: {"secretsmanager:GetSecretValue"},
	KMS: {"kms:Decrypt"}, SSMMessages: {"ssmmessages:OpenControlChannel"}, EC2Messages: {"ec2messages:GetMessages"},
	ECS: {"ecs:DiscoverPollEndpoint"}, ECSAgent: {"ecs:Poll"}, ECSTelemetry: {"ecs:StartTelemetrySession"},
}

// systemsManagerNeed is what Systems Manager is needed for: by SSM Agent, which asks for its channel too, to register
// itself ("AmazonSSMManagedInstanceCore"), and by an ECS task to read its parameters.
func (e *Egress) systemsManagerNeed() string {
	if slices.Contains(e.needs, SSMMessages) {
		return "ssm:UpdateInstanceInformation"
	}
	return "ssm:GetParameters"
}

// needsOf returns what the endpoint policy of a way has to allow. Image layers lie in a bucket of AWS ("Minimum Amazon
// S3 bucket permissions for Amazon ECR").
func (e *Egress) needsOf(w ServiceWay) []policyNeed {
	var needs []policyNeed
	for _, action := range policyNeeds[w.Service] {
		needs = append(needs, policyNeed{action: action})
	}
	if w.Service == SSM {
		needs = append(needs, policyNeed{action: e.systemsManagerNeed()})
	}
	images := slices.Contains(e.needs, ECRAPI) || slices.Contains(e.needs, ECRDKR)
	if region := cmp.Or(e.region, regionOf(w.endpoint)); w.Service == S3 && images && region != "" {
		partition := "aws"
		if strings.HasPrefix(region, "cn-") {
			partition = "aws-cn"
		}
		needs = append(needs, policyNeed{"s3:GetObject",
			"arn:" + partition + ":s3:::prod-" + region + "-starport-layer-bucket/layer"})
	}
	return needs
}

// covers reports whether a statement speaks of an action on a resource.
func (s policyStatement) covers(n policyNeed) bool {
	action := anyMatches(s.Action, n.action, true) || (len(s.NotAction) > 0 && !anyMatches(s.NotAction, n.action, true))
	if !action {
		return false
	}
	if n.resource == "" { // of whatever resource: an Allow may speak of any, a Deny must speak of all
		return s.Effect == "Allow" || slices.Contains(s.Resource, "*")
	}
	return anyMatches(s.Resource, n.resource, false) ||
		(len(s.NotResource) > 0 && !anyMatches(s.NotResource, n.resource, false))
}

func (s policyStatement) conditional() bool {
	text := strings.TrimSpace(string(s.Condition))
	return text != "" && text != "null" && text != "{}"
}

func anyMatches(patterns []string, value string, anyCase bool) bool {
	flat := strings.NewReplacer("/", "\x00", "[", "\x01", "\\", "\x02")
	return slices.ContainsFunc(patterns, func(p string) bool {
		if anyCase {
			p, value = strings.ToLower(p), strings.ToLower(value)
		}
		ok, err := path.Match(flat.Replace(p), flat.Replace(value))
		return ok && err == nil
	})
}

// refused returns the needs that a policy cannot satisfy, whoever asks: those that no Allow speaks of, or that a Deny
// without a condition does. Principals and conditions are given the benefit of the doubt.
func refused(document string, needs []policyNeed) []string {
	var policy struct{ Statement json.RawMessage }
	var statements []policyStatement
	if json.Unmarshal([]byte(document), &policy) != nil {
		return nil
	}
	if json.Unmarshal(policy.Statement, &statements) != nil {
		var one policyStatement
		if json.Unmarshal(policy.Statement, &one) != nil {
			return nil
		}
		statements = []policyStatement{one}
	}
	var out []string
	for _, n := range needs {
		allowed, denied := false, false
		for _, s := range statements {
			switch {
			case !s.covers(n):
			case s.Effect == "Allow":
				allowed = true
			case s.Effect == "Deny" && !s.conditional():
				denied = true
			}
		}
		if !allowed || denied {
			text := n.action
			if n.resource != "" {
				text += " on " + strings.TrimSuffix(n.resource, "layer") + "*"
			}
			out = append(out, text)
		}
	}
	return out
}

// EndpointPolicyBlocks reports endpoints whose policy does not allow what the service is needed for.
var EndpointPolicyBlocks = &diag.Check[*Egress]{
	Info: diag.Info{
		Code: "ec2.endpoint-policy-blocks", Title: "Endpoint policy does not allow what is needed",
		Doc: "The way to the service leads through a VPC endpoint whose policy does not allow an action that nobody can do " +
			"without, such as reading the bucket in which Amazon ECR keeps image layers.",
		Severity: diag.SeverityError, Confidence: diag.Likely,
		Breaks: []diag.Mechanism{diag.Permission, diag.NetworkPath}, Actions: NoWayToService.Actions,
		Limits: "Principals and conditions of the policy are not judged, nor are resources other than the buckets of image layers.",
		Source: "AWS PrivateLink user guide, Control access to VPC endpoints using endpoint policies",
	},
	Run: func(ctx context.Context, e *Egress) ([]diag.Finding, error) {
		ways, err := e.Ways(ctx)
		var findings []diag.Finding
		var done []string
		for _, w := range ways {
			id, document := aws.ToString(w.endpoint.VpcEndpointId), aws.ToString(w.endpoint.PolicyDocument)
			through := w.Kind == WayInterfaceEndpoint || w.Kind == WayGatewayEndpoint
			if !through || document == "" || slices.Contains(done, id) {
				continue
			}
			done = append(done, id)
			if missing := refused(document, e.needsOf(w)); len(missing) > 0 {
				findings = append(findings, e.policyFinding(w, id, document, missing))
			}
		}
		return findings, err
	},
}

func (e *Egress) policyFinding(w ServiceWay, id, document string, missing []string) diag.Finding {
	return diag.Finding{
		Resource: resource(typeEndpoint, id),
		Summary: fmt.Sprintf("the policy of %s, the way of %s to %s, does not allow %s", id, w.Subnet, w.Service,
			strings.Join(missing, ", ")),
		Evidence: []diag.Evidence{{Source: "ec2:DescribeVpcEndpoints", Field: id + ".PolicyDocument", Value: document}},
		Related: []diag.Related{{Resource: e.from.resource, Role: "from"},
			{Resource: resource(typeVPC, w.vpc), Role: "VPC"}},
		NextSteps: []diag.Step{{Text: "Allow it in the policy of the endpoint.", Changes: true,
			Doc:     "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
			Command: "aws ec2 modify-vpc-endpoint --policy-document file://policy.json --vpc-endpoint-id " + id}},
	}
}

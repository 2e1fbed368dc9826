package access

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// holder is a kind of resource that has a policy of its own which is not read here.
type holder struct {
	// service is the prefix of its IAM actions, typ its CloudFormation type, and word what a person calls it.
	service, typ, word string
	// prefix is how the resource part of its ARN begins; of what follows, the first part is its name.
	prefix string
	// read is the command that shows the policy; %s stands for the name or the ARN, as ref says.
	read string
	ref  reference
}

// reference is by what a command names the resource.
type reference int

const (
	byName reference = iota
	byARN
	abroad // by ARN, and only where another account owns it: those of the own account are read
)

// holders are the resources with policies that messages blame ("AWS services that work with IAM", column
// "Resource-based policies", IAM User Guide; the commands of the AWS CLI Command Reference).
var holders = []holder{
	{"s3", "AWS::S3::Bucket", "bucket", "",
		"aws s3api get-bucket-policy --query Policy --output text --bucket %s", byName},
	{"sqs", "AWS::SQS::Queue", "queue", "", "aws sqs get-queue-attributes --attribute-names Policy --queue-url " +
		"$(aws sqs get-queue-url --query QueueUrl --output text --queue-name %s)", byName},
	{"sns", "AWS::SNS::Topic", "topic", "", "aws sns get-topic-attributes --query Attributes.Policy --output text " +
		"--topic-arn %s", byARN},
	{"dynamodb", "AWS::DynamoDB::Table", "table", "table/", "aws dynamodb get-resource-policy --resource-arn %s", byARN},
	{"kinesis", "AWS::Kinesis::Stream", "stream", "stream/", "aws kinesis get-resource-policy --resource-arn %s", byARN},
	{"lambda", "AWS::Lambda::Function", "function", "function:",
		"aws lambda get-policy --query Policy --output text --function-name %s", byName},
	{"events", "AWS::Events::EventBus", "event bus", "event-bus/", "aws events describe-event-bus --query Policy " +
		"--output text --name %s", byName},
	{"elasticfilesystem", "AWS::EFS::FileSystem", "file system", "file-system/",
		"aws efs describe-file-system-policy --file-system-id %s", byName},
	{"execute-api", "AWS::ApiGateway::RestApi", "API", "", "aws apigateway get-rest-api --query policy " +
		"--output text --rest-api-id %s", byName},
	{"es", "AWS::OpenSearchService::Domain", "domain", "domain/",
		"aws opensearch describe-domain-config --query DomainConfig.AccessPolicies --domain-name %s", byName},
	{"kms", "AWS::KMS::Key", "KMS key", "key/", "aws kms get-key-policy --query Policy --output text --key-id %s", abroad},
	{"secretsmanager", "AWS::SecretsManager::Secret", "secret", "secret:",
		"aws secretsmanager get-resource-policy --query ResourcePolicy --output text --secret-id %s", abroad},
}

// holderOf returns the resource whose policy refused a call, by what the message says; false for those whose policies
// are read and judged by the checks on permissions: repositories, roles, and the account's own secrets and keys.
func holderOf(d Denial) (holder, diag.Resource, bool) {
	service, _, _ := strings.Cut(strings.ToLower(d.Action), ":")
	i := slices.IndexFunc(holders, func(h holder) bool { return h.service == service })
	if i < 0 {
		return holder{}, diag.Resource{}, false
	}
	h := holders[i]
	owner := arnPart(d.Resource, partAccount)
	if h.ref == abroad && (owner == "" || d.Account == "" || owner == d.Account) {
		return holder{}, diag.Resource{}, false
	}
	name := strings.TrimPrefix(cmp.Or(arnPart(d.Resource, partResource), d.Resource), h.prefix)
	if h.typ != "AWS::SecretsManager::Secret" { // whose names may hold slashes
		name, _, _ = strings.Cut(name, "/")
	}
	name, _, _ = strings.Cut(name, ":")
	if name == "" || name == "*" {
		return h, diag.Resource{}, true
	}
	of := d.Resource
	if end := strings.Index(of, name); end >= 0 && strings.HasPrefix(of, "arn:") {
		of = of[:end+len(name)]
	} else {
		of = ""
	}
	return h, diag.ResourceOf(h.typ, name, of), true
}

// refusing tells of the policy of a resource that a message blames.
func refusing(d Denial) (outside, diag.Resource, bool) {
	if d.Kind != ImplicitResource && d.Kind != ExplicitResource {
		return outside{}, diag.Resource{}, false
	}
	h, r, ok := holderOf(d)
	if !ok {
		return outside{}, r, false
	}
	if r.ID == "" {
		return outside{"the policy of the " + h.word, "Read the policy of the " + h.word + ".", ""}, r, true
	}
	of := outside{name: "the policy of " + h.word + " " + r.ID, step: "Read the policy of " + h.word + " " + r.ID}
	ref := r.ID
	if h.ref != byName {
		ref = cmp.Or(r.ARN, r.ID)
	}
	if r.Account != "" && d.Account != "" && r.Account != d.Account {
		of.name += " in account " + r.Account
		of.step += ", in account " + r.Account + ", to which it belongs"
	}
	of.step += ": it " + need(d) + "."
	of.command = fmt.Sprintf(h.read, ref)
	return of, r, true
}

// need is what has to change in a policy.
func need(d Denial) string {
	if d.Explicit {
		return "has a Deny that catches the call, and that goes before whatever allows it"
	}
	return "has to allow the role " + d.Action
}

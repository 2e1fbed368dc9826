package changes

import (
	"cmp"
	"regexp"
	"strings"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/awsdiag/awsdiag/diag"
)

// The CloudFormation types of what changes are made to.
const (
	typeSecurityGroup    = "AWS::EC2::SecurityGroup"
	typeRouteTable       = "AWS::EC2::RouteTable"
	typeNetworkACL       = "AWS::EC2::NetworkAcl"
	typeNATGateway       = "AWS::EC2::NatGateway"
	typeIGW              = "AWS::EC2::InternetGateway"
	typeEndpoint         = "AWS::EC2::VPCEndpoint"
	typePeering          = "AWS::EC2::VPCPeeringConnection"
	typeAttachment       = "AWS::EC2::TransitGatewayVpcAttachment"
	typeVPC              = "AWS::EC2::VPC"
	typeSubnet           = "AWS::EC2::Subnet"
	typeInterface        = "AWS::EC2::NetworkInterface"
	typeAddress          = "AWS::EC2::EIP"
	typeInstance         = "AWS::EC2::Instance"
	typeVolume           = "AWS::EC2::Volume"
	typeScalingGroup     = "AWS::AutoScaling::AutoScalingGroup"
	typeAlarm            = "AWS::CloudWatch::Alarm"
	typeScalable         = "AWS::ApplicationAutoScaling::ScalableTarget"
	typeCluster          = "AWS::ECS::Cluster"
	typeService          = "AWS::ECS::Service"
	typeTask             = "AWS::ECS::Task"
	typeTaskDefinition   = "AWS::ECS::TaskDefinition"
	typeLoadBalancer     = "AWS::ElasticLoadBalancingV2::LoadBalancer"
	typeTargetGroup      = "AWS::ElasticLoadBalancingV2::TargetGroup"
	typeRole             = "AWS::IAM::Role"
	typePolicy           = "AWS::IAM::ManagedPolicy"
	typeProfile          = "AWS::IAM::InstanceProfile"
	typeParameter        = "AWS::SSM::Parameter"
	typeDocument         = "AWS::SSM::Document"
	typeSecret           = "AWS::SecretsManager::Secret"
	typeKey              = "AWS::KMS::Key"
	typeDBInstance       = "AWS::RDS::DBInstance"
	typeDBCluster        = "AWS::RDS::DBCluster"
	typeDBParameters     = "AWS::RDS::DBParameterGroup"
	typeDBClusterParam   = "AWS::RDS::DBClusterParameterGroup"
	typeDBProxy          = "AWS::RDS::DBProxy"
	typeRepository       = "AWS::ECR::Repository"
	typeLogGroup         = "AWS::Logs::LogGroup"
	typeFunction         = "AWS::Lambda::Function"
	typeStack            = "AWS::CloudFormation::Stack"
	typeHostedZone       = "AWS::Route53::HostedZone"
	typeRecordSet        = "AWS::Route53::RecordSet"
	typeCertificate      = "AWS::CertificateManager::Certificate"
	typeWebACL           = "AWS::WAFv2::WebACL"
	typeRuleGroup        = "AWS::WAFv2::RuleGroup"
	typeIPSet            = "AWS::WAFv2::IPSet"
	typeDistribution     = "AWS::CloudFront::Distribution"
	typeEdgeFunction     = "AWS::CloudFront::Function"
	typeAPI              = "AWS::ApiGateway::RestApi"
	typeOrgPolicy        = "AWS::Organizations::Policy"
	typeAccount          = "AWS::Organizations::Account"
	typeUser             = "AWS::IAM::User"
	typeUserGroup        = "AWS::IAM::Group"
	typeUserPool         = "AWS::Cognito::UserPool"
	typeCacheCluster     = "AWS::ElastiCache::CacheCluster"
	typeReplicationGroup = "AWS::ElastiCache::ReplicationGroup"
	typeBroker           = "AWS::MSK::Cluster"
	typeFileSystem       = "AWS::EFS::FileSystem"
	typeMountTarget      = "AWS::EFS::MountTarget"
	typeTable            = "AWS::DynamoDB::Table"
	typeQueue            = "AWS::SQS::Queue"
	typeTopic            = "AWS::SNS::Topic"
	typeBucket           = "AWS::S3::Bucket"
	typeRule             = "AWS::Events::Rule"
	typeLaunchTemplate   = "AWS::EC2::LaunchTemplate"
)

// otherNames are types that CloudTrail's event history spells in its own way.
var otherNames = map[string]string{
	"aws::ec2::networkacl": typeNetworkACL, "aws::ec2::vpcendpoint": typeEndpoint, "aws::ec2::natgateway": typeNATGateway,
	"aws::ec2::eip": typeAddress, "aws::iam::policy": typePolicy, "aws::ssm::managedinstance": typeInstance,
	"aws::rds::dbinstance": typeDBInstance, "aws::rds::dbcluster": typeDBCluster, "aws::lambda::function": typeFunction,
	"aws::acm::certificate": typeCertificate,
}

// resource names a thing by its type and whatever the event calls it: a name, an id or an ARN.
func (c *call) resource(typ, ref string) diag.Resource {
	typ = cmp.Or(otherNames[strings.ToLower(typ)], typ)
	a, err := arn.Parse(ref)
	if err != nil {
		return c.placed(diag.Resource{Type: typ, ID: shortID(typ, ref)})
	}
	if typ == typeSecret {
		a.Resource = secretSuffix.ReplaceAllString(a.Resource, "")
	}
	return c.placed(diag.ResourceOf(typ, idOf(typ, a.Resource), ref))
}

// placed fills in where the event happened. Global services have no region.
func (c *call) placed(r diag.Resource) diag.Resource {
	region := c.place.Region
	for _, global := range []string{"AWS::IAM::", "AWS::Route53::", "AWS::CloudFront::", "AWS::Organizations::"} {
		if strings.HasPrefix(r.Type, global) {
			region = ""
		}
	}
	return r.In(c.place.Account, region)
}

// secretSuffix is what Secrets Manager appends to the name in an ARN ("What's in a Secrets Manager secret?").
var secretSuffix = regexp.MustCompile(`-[A-Za-z0-9]{6}$`)

// idOf takes the id out of the resource part of an ARN, in the form that [diag.Resource] wants.
func idOf(typ, part string) string {
	switch typ {
	case typeLogGroup:
		return strings.TrimSuffix(strings.TrimPrefix(part, "log-group:"), ":*")
	case typeSecret, typeFunction, typeDBInstance, typeDBCluster, typeDBParameters, typeDBClusterParam, typeDBProxy:
		_, name, _ := strings.Cut(part, ":")
		name, _, _ = strings.Cut(name, ":") // a function's version or alias
		return cmp.Or(name, part)
	case typeScalingGroup:
		return cmp.Or(afterLast(part, "/"), part)
	case typeParameter:
		name := strings.TrimPrefix(part, "parameter")
		if strings.Count(name, "/") == 1 {
			name = strings.TrimPrefix(name, "/")
		}
		return name
	case typeLoadBalancer:
		part = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(part, "loadbalancer/"), "app/"), "net/")
		name, _, _ := strings.Cut(strings.TrimPrefix(part, "gwy/"), "/")
		return name
	case typeTargetGroup, typeStack, typeBroker:
		_, name, _ := strings.Cut(part, "/")
		name, _, _ = strings.Cut(name, "/")
		return name
	case typeService, typeRepository, typeTaskDefinition:
		return cmp.Or(after(part, "/"), part)
	}
	return cmp.Or(afterLast(part, "/"), part)
}

// shortID brings a bare name into the form that [diag.Resource] wants.
func shortID(typ, ref string) string {
	switch typ {
	case typeKey:
		return strings.TrimPrefix(ref, "key/")
	case typeQueue, typeHostedZone: // an address, "/hostedzone/Z1"
		return ref[strings.LastIndex(ref, "/")+1:]
	}
	return ref
}

// listed returns the resources that CloudTrail itself names with the event.
func (c *call) listed() []diag.Resource {
	var found []diag.Resource
	add := func(typ, ref string) {
		if r := c.resource(typ, ref); typ != "" && ref != "" {
			for _, have := range found {
				if same(have, r) {
					return
				}
			}
			found = append(found, r)
		}
	}
	for _, r := range c.record.get("resources").list() {
		add(r.get("type").str(), r.get("ARN").str())
	}
	for _, r := range c.event.Resources {
		add(aws.ToString(r.ResourceType), aws.ToString(r.ResourceName))
	}
	return found
}

// typeWords are types whose last part is not what people call them.
var typeWords = map[string]string{
	typeNetworkACL: "network ACL", typeNATGateway: "NAT gateway", typeEndpoint: "VPC endpoint", typeAddress: "elastic IP",
	typeDBInstance: "DB instance", typeDBCluster: "DB cluster", typeDBParameters: "DB parameter group",
	typeDBClusterParam: "DB cluster parameter group", typeDBProxy: "DB proxy", typeKey: "KMS key", typeVPC: "VPC",
	typePolicy:  "policy",
	typeProfile: "instance profile", typePeering: "peering connection", typeAttachment: "transit gateway attachment",
	typeWebACL: "web ACL", typeIPSet: "IP set", typeRuleGroup: "WAF rule group",
	typeDistribution: "CloudFront distribution",
	typeEdgeFunction: "CloudFront function", typeAPI: "API", typeOrgPolicy: "policy of the organization",
	typeCacheCluster:     "cache",
	typeReplicationGroup: "cache", typeBroker: "MSK cluster", typeTable: "DynamoDB table", typeQueue: "SQS queue",
	typeTopic: "SNS topic", typeBucket: "S3 bucket", typeRule: "EventBridge rule", "AWS::EC2::Image": "machine image",
	"AWS::AppConfig::Application": "AppConfig application", "AWS::IAM::OIDCProvider": "OIDC provider",
	"AWS::IAM::SAMLProvider": "SAML provider", "AWS::Scheduler::Schedule": "schedule",
	typeService: "ECS service", typeCluster: "ECS cluster", typeTask: "ECS task", typeRecordSet: "DNS record",
	typeFunction: "Lambda function",
}

// maxLabels bounds how many resources a summary names.
const maxLabels = 3

// labels names resources in a sentence: "VPC endpoints vpce-1 and vpce-2".
func labels(rs []diag.Resource) string {
	word := typeWords[rs[0].Type]
	if word == "" {
		word = spaced(rs[0].Type[strings.LastIndex(rs[0].Type, ":")+1:])
	}
	var ids []string
	for _, r := range rs {
		if r.Type == rs[0].Type {
			ids = append(ids, cmp.Or(r.ID, r.ARN))
		}
	}
	switch n := len(ids); {
	case n == 1:
		return word + " " + ids[0]
	case n > maxLabels:
		ids = append(ids[:maxLabels:maxLabels], "others")
	}
	if strings.HasSuffix(word, "y") && !strings.HasSuffix(word, "ay") {
		word = strings.TrimSuffix(word, "y") + "ie"
	}
	return word + "s " + strings.Join(ids[:len(ids)-1], ", ") + " and " + ids[len(ids)-1]
}

// spaced writes a name in camel case as words: "SecurityGroup" is "security group", "dBInstanceClass" "db instance
// class", "cACertificateIdentifier" "ca certificate identifier": CloudTrail writes the first letter small.
func spaced(name string) string {
	if strings.HasPrefix(name, "dB") || strings.HasPrefix(name, "cAC") {
		name = strings.ToUpper(name[:2]) + name[2:]
	}
	upper := func(i int) bool { return i < len(name) && unicode.IsUpper(rune(name[i])) }
	lower := func(i int) bool { return i < len(name) && unicode.IsLower(rune(name[i])) }
	var words strings.Builder
	for i, r := range name {
		if i > 0 && upper(i) && (!upper(i-1) || lower(i+1)) {
			words.WriteByte(' ')
		}
		words.WriteRune(unicode.ToLower(r))
	}
	return words.String()
}

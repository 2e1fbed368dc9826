package changes_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
)

const (
	arnBalancer = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/front/50dc6c495c0c9188"
	arnACL      = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop/6b9d1c1e"
	arnTopic    = "arn:aws:sns:eu-west-1:111122223333:orders"
)

// TestMoreEvents reads events of what stands before, beside and behind a service: family, resource, words, the step
// back.
func TestMoreEvents(t *testing.T) {
	for _, tt := range []struct {
		action, params, response     string
		family, resource, says, undo string
	}{
		{"rds:SwitchoverBlueGreenDeployment", `{"blueGreenDeploymentIdentifier":"bgd-1a2b"}`,
			`{"blueGreenDeployment":{"source":"arn:aws:rds:eu-west-1:111122223333:db:orders","status":"SWITCHOVER_IN_PROGRESS"}}`,
			"database-restarted", "AWS::RDS::DBInstance orders", "switched DB instance orders over", ""},
		{"wafv2:UpdateWebACL", `{"name":"shop","scope":"REGIONAL","id":"6b9d1c1e","rules":[{"name":"block-bots"}]}`, ``,
			"firewall-changed", "AWS::WAFv2::WebACL shop", "changed web ACL shop", ""},
		{"wafv2:AssociateWebACL", `{"resourceArn":"` + arnBalancer + `","webACLArn":"` + arnACL + `"}`, ``,
			"firewall-changed", "AWS::ElasticLoadBalancingV2::LoadBalancer front",
			"put a web ACL (shop) before load balancer front",
			"aws wafv2 disassociate-web-acl --resource-arn " + arnBalancer},
		{"wafv2:UpdateIPSet", `{"name":"office","addresses":["203.0.113.0/24"]}`, ``,
			"firewall-changed", "AWS::WAFv2::IPSet office", "changed IP set office (203.0.113.0/24)", ""},
		{"cloudfront:UpdateDistribution2020_05_31",
			`{"id":"E2QWRUHAPOMQZL","distributionConfig":{"origins":{"items":[{"domainName":"front.example"}],"quantity":1}}}`,
			``,
			"edge-changed", "AWS::CloudFront::Distribution E2QWRUHAPOMQZL",
			"changed CloudFront distribution E2QWRUHAPOMQZL (front.example)", ""},
		{"apigateway:CreateDeployment",
			`{"restApiId":"a1b2","createDeploymentInput":{"stageName":"prod"},"stageName":"prod"}`, ``,
			"edge-changed", "AWS::ApiGateway::RestApi a1b2", "deployed API a1b2 (prod)", ""},
		{"acm:ImportCertificate", `{"certificateArn":"arn:aws:acm:eu-west-1:111122223333:certificate/12ab"}`, ``,
			"certificate-changed", "AWS::CertificateManager::Certificate 12ab", "imported certificate 12ab", ""},
		{"organizations:AttachPolicy", `{"policyId":"p-1a2b3c4d","targetId":"111122223333"}`, ``,
			"organization-policy-changed", "AWS::Organizations::Policy p-1a2b3c4d",
			"put policy of the organization p-1a2b3c4d on a part of the organization (111122223333)",
			"aws organizations detach-policy --policy-id p-1a2b3c4d --target-id 111122223333"},
		{"iam:UpdateAccessKey", `{"userName":"ci","accessKeyId":"AKIDEXAMPLE","status":"Inactive"}`, ``,
			"user-access-removed", "AWS::IAM::User ci",
			"set an access key of user ci to another state (Inactive AKIDEXAMPLE)",
			"aws iam update-access-key --user-name ci --access-key-id AKIDEXAMPLE --status Active"},
		{"iam:DetachUserPolicy", `{"userName":"ci","policyArn":"` + arnPolicy + `"}`, ``,
			"user-access-removed", "AWS::IAM::User ci", "detached a policy (" + arnPolicy + ") from user ci",
			"aws iam attach-user-policy --user-name ci --policy-arn " + arnPolicy},
		{"iam:DeleteOpenIDConnectProvider",
			`{"openIDConnectProviderArn":"arn:aws:iam::111122223333:oidc-provider/token.example"}`, ``,
			"role-trust-changed", "AWS::IAM::OIDCProvider token.example", "deleted OIDC provider token.example", ""},
		{"cognito-idp:UpdateUserPoolClient", `{"userPoolId":"eu-west-1_aB1","clientId":"7x"}`, ``,
			"dependency-changed", "AWS::Cognito::UserPool eu-west-1_aB1", "changed a client (7x) of user pool eu-west-1_aB1",
			""},
		{"elasticache:ModifyReplicationGroup",
			`{"replicationGroupId":"sessions","cacheNodeType":"cache.t4g.micro","authToken":"hunter2","applyImmediately":true}`,
			``,
			"cache-changed", "AWS::ElastiCache::ReplicationGroup sessions", "modified cache sessions (" +
				"auth token (not shown), cache node type cache.t4g.micro)", ""},
		{"elasticache:ModifyCacheParameterGroup", `{"cacheParameterGroupName":"redis7",
			"parameterNameValues":[{"parameterName":"timeout","parameterValue":"1"}]}`, ``, "cache-changed",
			"AWS::ElastiCache::ParameterGroup redis7", "changed parameters (timeout 1) of parameter group redis7", ""},
		{"elasticache:DeleteCacheCluster", `{"cacheClusterId":"sessions-1"}`, ``,
			"cache-stopped", "AWS::ElastiCache::CacheCluster sessions-1", "deleted cache sessions-1", ""},
		{"kafka:DeleteCluster", `{"clusterArn":"arn:aws:kafka:eu-west-1:111122223333:cluster/events/1a2b-3c"}`, ``,
			"dependency-deleted", "AWS::MSK::Cluster events", "deleted MSK cluster events", ""},
		{"dynamodb:UpdateTable", `{"tableName":"carts","billingMode":"PROVISIONED"}`, ``,
			"dependency-changed", "AWS::DynamoDB::Table carts", "changed DynamoDB table carts (billing mode PROVISIONED)", ""},
		{"dynamodb:DeleteResourcePolicy", `{"resourceArn":"arn:aws:dynamodb:eu-west-1:111122223333:table/carts"}`, ``,
			"resource-policy-deleted", "AWS::DynamoDB::Table carts", "deleted the policy of DynamoDB table carts", ""},
		{"sqs:SetQueueAttributes", `{"queueUrl":"https://sqs.eu-west-1.amazonaws.com/111122223333/jobs",
			"attributes":{"VisibilityTimeout":"5","Policy":"{}"}}`, ``, "resource-policy-changed", "AWS::SQS::Queue jobs",
			"changed SQS queue jobs (Policy, VisibilityTimeout)", ""},
		{"sns:Unsubscribe", `{"subscriptionArn":"` + arnTopic + `:4f1c"}`, ``,
			"dependency-deleted", "AWS::SNS::Topic orders", "ended a subscription of SNS topic orders", ""},
		{"s3:DeleteBucketPolicy", `{"bucketName":"media","Host":"media.s3.amazonaws.com"}`, ``,
			"resource-policy-deleted", "AWS::S3::Bucket media", "deleted the policy of S3 bucket media", ""},
		{"elasticfilesystem:DeleteMountTarget", `{"mountTargetId":"fsmt-1"}`, ``,
			"dependency-deleted", "AWS::EFS::MountTarget fsmt-1", "deleted mount target fsmt-1", ""},
		{"lambda:UpdateEventSourceMapping20150331", `{"uUID":"1a","enabled":false}`,
			`{"functionArn":"arn:aws:lambda:eu-west-1:111122223333:function:hook"}`, "function-changed",
			"AWS::Lambda::Function hook", "changed what feeds Lambda function hook (false)", ""},
		{"monitoring:DeleteAlarms", `{"alarmNames":["cpu-high","cpu-low"]}`, ``, "scaling-removed",
			"AWS::CloudWatch::Alarm cpu-high", "deleted alarms cpu-high and cpu-low", ""},
		{"monitoring:DisableAlarmActions", `{"alarmNames":["cpu-high","cpu-low"]}`, ``, "scaling-removed",
			"AWS::CloudWatch::Alarm cpu-high", "kept alarms cpu-high and cpu-low from acting",
			"aws cloudwatch enable-alarm-actions --alarm-names cpu-high cpu-low"},
		{"application-autoscaling:DeleteScalingPolicy", `{"policyName":"cpu","serviceNamespace":"ecs",
			"resourceId":"service/shop/api"}`, ``, "scaling-removed", "AWS::ECS::Service shop/api",
			"deleted a scaling policy (cpu) of ECS service shop/api", ""},
		{"events:DisableRule", `{"name":"nightly"}`, ``, "schedule-removed", "AWS::Events::Rule nightly",
			"disabled EventBridge rule nightly", "aws events enable-rule --name nightly --event-bus-name default"},
		{"scheduler:DeleteSchedule", `{"name":"nightly","groupName":"default"}`, ``,
			"schedule-removed", "AWS::Scheduler::Schedule nightly", "deleted schedule nightly", ""},
		{"appconfig:StartDeployment", `{"applicationId":"abc1234","environmentId":"def5678",
			"configurationProfileId":"flags1","configurationVersion":"7"}`, `{"deploymentNumber":12}`, "flag-changed",
			"AWS::AppConfig::Application abc1234",
			"rolled out a configuration (flags1 7) of AppConfig application abc1234",
			"aws appconfig stop-deployment --allow-revert --application-id abc1234 --environment-id def5678 " +
				"--deployment-number 12"},
		{"route53resolver:DisassociateResolverRule", `{"vPCId":"vpc-1","resolverRuleId":"rslvr-rr-1"}`, ``, "dns-removed",
			"AWS::EC2::VPC vpc-1", "took a resolver rule (rslvr-rr-1) from VPC vpc-1",
			"aws route53resolver associate-resolver-rule --resolver-rule-id rslvr-rr-1 --vpc-id vpc-1"},
		{"route53resolver:UpdateFirewallRule", `{"firewallRuleGroupId":"rslvr-frg-1","action":"BLOCK","name":"all"}`, ``,
			"dns-settings-changed", "AWS::Route53Resolver::FirewallRuleGroup rslvr-frg-1",
			"changed a DNS firewall rule (BLOCK all) of firewall rule group rslvr-frg-1", ""},
		{"route53:DisassociateVPCFromHostedZone", `{"hostedZoneId":"Z1","vPC":{"vPCId":"vpc-1","vPCRegion":"eu-west-1"}}`, ``,
			"dns-removed", "AWS::EC2::VPC vpc-1", "took a zone (Z1) from VPC vpc-1", ""},
		{"route53:DeleteHostedZone", `{"id":"/hostedzone/Z1"}`, ``,
			"dns-removed", "AWS::Route53::HostedZone Z1", "deleted hosted zone Z1", ""},
		{"servicediscovery:DeregisterInstance", `{"serviceId":"srv-1","instanceId":"i-1"}`, ``,
			"dns-removed", "AWS::ServiceDiscovery::Service srv-1", "took an instance (i-1) out of service srv-1", ""},
		{"ec2:ModifyManagedPrefixList", `{"ModifyManagedPrefixListRequest":{"PrefixListId":"pl-1",
			"RemoveEntry":{"tag":1,"Cidr":"10.0.0.0/8"}}}`, ``, "prefix-list-changed", "AWS::EC2::PrefixList pl-1",
			"changed prefix list pl-1 (without 10.0.0.0/8)", ""},
		{"ec2:DeleteTransitGatewayRoute",
			`{"DeleteTransitGatewayRouteRequest":{"TransitGatewayRouteTableId":"tgw-rtb-1",` +
				`"DestinationCidrBlock":"10.9.0.0/16"}}`, ``,
			"route-deleted", "AWS::EC2::TransitGatewayRouteTable tgw-rtb-1",
			"deleted a route (10.9.0.0/16) from transit gateway route table tgw-rtb-1", ""},
		{"ec2:CreateLaunchTemplateVersion",
			`{"CreateLaunchTemplateVersionRequest":{"LaunchTemplateId":"lt-1","LaunchTemplateData":{"InstanceType":"t3.nano"}}}`,
			`{"CreateLaunchTemplateVersionResponse":{"launchTemplateVersion":{"versionNumber":4}}}`, "launch-template-changed",
			"AWS::EC2::LaunchTemplate lt-1",
			"wrote a new version (version number 4, instance type t3.nano) of launch template lt-1", ""},
		{"ec2:DeregisterImage", `{"imageId":"ami-1"}`, ``,
			"launch-template-deleted", "AWS::EC2::Image ami-1", "deregistered machine image ami-1", ""},
		{"autoscaling:SetInstanceHealth", `{"instanceId":"i-1","healthStatus":"Unhealthy"}`, ``,
			"instance-stopped", "AWS::EC2::Instance i-1", "set the health of instance i-1 (Unhealthy)", ""},
	} {
		t.Run(tt.action, func(t *testing.T) {
			c := only(t, changesfake.Write{At: now.Add(-time.Hour), Action: tt.action, Who: "omar.h", Params: tt.params,
				Response: tt.response}.Event())
			require.NotEmpty(t, c.Resources)
			assert.Equal(t, tt.family, c.Family().Name)
			assert.Equal(t, tt.resource, c.Resources[0].Type+" "+c.Resources[0].ID)
			assert.Equal(t, "omar.h "+tt.says, c.Summary)
			undo := ""
			for _, s := range c.Steps {
				undo = s.Command
				assert.True(t, s.Changes)
			}
			assert.Equal(t, tt.undo, undo)
		})
	}
}

// TestInversesAreKnown: what takes an event back is an event that the tables read.
func TestInversesAreKnown(t *testing.T) {
	all := changes.Kinds()
	assert.Greater(t, len(all), 350)
	for undone, by := range changes.Inverses() {
		for _, action := range append(by, undone) {
			assert.Contains(t, all, action)
		}
	}
}

// TestTakenBackElsewhere: what takes a change back may stand in another family.
func TestTakenBackElsewhere(t *testing.T) {
	write := func(minutes int, action, params string) changesfake.Write {
		return changesfake.Write{At: now.Add(time.Duration(minutes) * time.Minute), Action: action, Who: "omar.h",
			Params: params}
	}
	fake := &changesfake.Client{}
	fake.Events = append(fake.Events,
		write(-10, "wafv2:DisassociateWebACL", `{"resourceArn":"`+arnBalancer+`"}`).Event(),
		write(-20, "wafv2:AssociateWebACL", `{"resourceArn":"`+arnBalancer+`","webACLArn":"`+arnACL+`"}`).Event(),
		write(-30, "iam:UpdateAccessKey", `{"userName":"ci","accessKeyId":"A","status":"Active"}`).Event(),
		write(-40, "iam:UpdateAccessKey", `{"userName":"ci","accessKeyId":"A","status":"Inactive"}`).Event())
	all, err := changes.NewTrail(fake, window, changes.WithPacer(nil)).Changes(t.Context(), window)
	require.NoError(t, err)
	var until []string
	for _, c := range all {
		until = append(until, c.EventName+" "+c.Until.Format("15:04"))
	}
	assert.Equal(t, []string{"UpdateAccessKey 13:30", "UpdateAccessKey 00:00", "AssociateWebACL 13:50",
		"DisassociateWebACL 00:00"}, until)
	assert.Equal(t, diag.Code("changes.firewall-changed"), all[2].Code)
}

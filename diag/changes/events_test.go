package changes_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
)

// only returns the one change that an event makes.
func only(t *testing.T, e types.Event) changes.Change {
	t.Helper()
	sweep, err := changes.NewTrail(&changesfake.Client{Events: []types.Event{e}}, window,
		changes.WithPacer(nil)).Sweep(t.Context())
	require.NoError(t, err)
	require.Len(t, sweep.Changes, 1, "%+v", sweep.Folded)
	return sweep.Changes[0]
}

const (
	arnTG       = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/0a1b2c3d4e5f6789"
	arnListener = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/front/50dc6c495c0c9188/f2f7dc8efc522ab2"
	arnRule     = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener-rule/app/front/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee"
	arnPolicy   = "arn:aws:iam::111122223333:policy/read-secrets"
)

func TestEvents(t *testing.T) {
	for _, tt := range []struct {
		action, params, response string
		resource                 string
		says                     string
		undo                     string
	}{
		{"ec2:RevokeSecurityGroupIngress",
			`{"groupId":"sg-1","securityGroupRuleIds":{"items":[{"securityGroupRuleId":"sgr-1"}]}}`, `{"_return":true}`,
			"AWS::EC2::SecurityGroup sg-1", "removed an ingress rule (sgr-1) from security group sg-1", ""},
		{"ec2:RevokeSecurityGroupIngress",
			`{"groupId":"sg-1","ipProtocol":"tcp","fromPort":443,"toPort":443,"cidrIp":"0.0.0.0/0"}`, `{}`,
			"AWS::EC2::SecurityGroup sg-1", "removed an ingress rule (tcp 443 from 0.0.0.0/0) from security group sg-1",
			`aws ec2 authorize-security-group-ingress --group-id sg-1 --ip-permissions '[{"IpProtocol":"tcp",` +
				`"FromPort":443,"ToPort":443,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]'`},
		{"ec2:RevokeSecurityGroupEgress",
			`{"groupId":"sg-1","ipPermissions":{"items":[{"ipProtocol":"-1","ipv6Ranges":{"items":[{"cidrIpv6":"::/0"}]},` +
				`"ipRanges":{}}]}}`, ``,
			"AWS::EC2::SecurityGroup sg-1", "removed an egress rule (all traffic to ::/0) from security group sg-1",
			`aws ec2 authorize-security-group-egress --group-id sg-1 --ip-permissions '[{"IpProtocol":"-1",` +
				`"Ipv6Ranges":[{"CidrIpv6":"::/0"}]}]'`},
		{"ec2:AuthorizeSecurityGroupIngress",
			`{"groupId":"sg-1","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":8000,"toPort":8099,` +
				`"prefixListIds":{"items":[{"prefixListId":"pl-1"}]}}]}}`, ``,
			"AWS::EC2::SecurityGroup sg-1", "added an ingress rule (tcp 8000–8099 from pl-1) to security group sg-1",
			`aws ec2 revoke-security-group-ingress --group-id sg-1 --ip-permissions '[{"IpProtocol":"tcp",` +
				`"FromPort":8000,"ToPort":8099,"PrefixListIds":[{"PrefixListId":"pl-1"}]}]'`},
		{"ec2:ModifySecurityGroupRules",
			`{"ModifySecurityGroupRulesRequest":{"GroupId":"sg-1","SecurityGroupRule":{"tag":1,` +
				`"SecurityGroupRuleId":"sgr-1","SecurityGroupRule":{"IpProtocol":"tcp","FromPort":22,"ToPort":22,` +
				`"CidrIpv4":"10.0.0.0/8"}}}}`, ``,
			"AWS::EC2::SecurityGroup sg-1", "rewrote a rule (tcp 22 from 10.0.0.0/8) of security group sg-1", ""},
		{"ec2:DeleteRoute", `{"routeTableId":"rtb-1","destinationCidrBlock":"0.0.0.0/0"}`, ``,
			"AWS::EC2::RouteTable rtb-1", "deleted a route (0.0.0.0/0) from route table rtb-1", ""},
		{"ec2:CreateRoute", `{"routeTableId":"rtb-1","destinationCidrBlock":"10.9.0.0/16","vpcPeeringConnectionId":"pcx-1"}`,
			``,
			"AWS::EC2::RouteTable rtb-1", "added a route (10.9.0.0/16 by pcx-1) to route table rtb-1",
			"aws ec2 delete-route --route-table-id rtb-1 --destination-cidr-block 10.9.0.0/16"},
		{"ec2:DeleteNatGateway", `{"DeleteNatGatewayRequest":{"NatGatewayId":"nat-1"}}`, ``, "AWS::EC2::NatGateway nat-1",
			"deleted NAT gateway nat-1", ""},
		{"ec2:DeleteVpcEndpoints", `{"DeleteVpcEndpointsRequest":{"VpcEndpointId":{"tag":1,"content":"vpce-1"}}}`, ``,
			"AWS::EC2::VPCEndpoint vpce-1", "deleted VPC endpoint vpce-1", ""},
		{"ec2:CreateNetworkAclEntry",
			`{"networkAclId":"acl-1","ruleNumber":50,"egress":false,"ruleAction":"deny","aclProtocol":"6",` +
				`"cidrBlock":"0.0.0.0/0","portRange":{"from":443,"to":443}}`, ``,
			"AWS::EC2::NetworkAcl acl-1",
			"added an entry (number 50 ingress deny tcp ports 443–443 0.0.0.0/0) to network ACL acl-1",
			"aws ec2 delete-network-acl-entry --network-acl-id acl-1 --rule-number 50 --ingress"},
		{"ec2:StopInstances", `{"instancesSet":{"items":[{"instanceId":"i-1"},{"instanceId":"i-2"}]},"force":false}`, ``,
			"AWS::EC2::Instance i-1", "stopped instances i-1 and i-2", "aws ec2 start-instances --instance-ids i-1 i-2"},
		{"ec2:ModifyInstanceAttribute", `{"instanceId":"i-1","instanceType":{"value":"t3.nano"}}`, ``,
			"AWS::EC2::Instance i-1", "changed instance i-1 (instance type t3.nano)", ""},
		{"ecs:RegisterTaskDefinition", `{"family":"api","containerDefinitions":[{"name":"app","image":"repo/api:2"}]}`,
			`{"taskDefinition":{"taskDefinitionArn":"arn:aws:ecs:eu-west-1:111122223333:task-definition/api:7"}}`,
			"AWS::ECS::TaskDefinition api:7", "registered task definition api:7 (image api:2)", ""},
		{"ecs:UpdateService",
			`{"service":"arn:aws:ecs:eu-west-1:111122223333:service/prod/api",` +
				`"cluster":"arn:aws:ecs:eu-west-1:111122223333:cluster/prod","desiredCount":0}`, ``,
			"AWS::ECS::Service prod/api", "updated ECS service prod/api (desired count 0)", ""},
		{"ecs:UpdateService", `{"service":"api","forceNewDeployment":true}`, ``,
			"AWS::ECS::Service default/api", "updated ECS service default/api (a new deployment of the same)", ""},
		{"elasticloadbalancing:ModifyListener", `{"listenerArn":"` + arnListener +
			`","defaultActions":[{"type":"forward","targetGroupArn":"` + arnTG + `"}]}`, ``,
			"AWS::ElasticLoadBalancingV2::LoadBalancer front", "changed a listener (forward web) of load balancer front", ""},
		{"elasticloadbalancing:ModifyListener", `{"listenerArn":"` + arnListener +
			`","sslPolicy":"ELBSecurityPolicy-TLS13-1-3-2021-06"}`, ``,
			"AWS::ElasticLoadBalancingV2::LoadBalancer front",
			"changed a listener (TLS policy ELBSecurityPolicy-TLS13-1-3-2021-06) of load balancer front", ""},
		{"elasticloadbalancing:ModifyListener", `{"listenerArn":"` + arnListener +
			`","defaultActions":[{"type":"redirect","redirectConfig":{"protocol":"HTTPS","port":"8443","statusCode":"HTTP_301"}}]}`, ``,
			"AWS::ElasticLoadBalancingV2::LoadBalancer front", "changed a listener (redirect HTTPS:8443) of load balancer front",
			""},
		{"elasticloadbalancing:CreateRule", `{"listenerArn":"` + arnListener +
			`","priority":1,"conditions":[{"field":"path-pattern"}],` +
			`"actions":[{"type":"fixed-response","fixedResponseConfig":{"statusCode":"503"}}]}`, ``,
			"AWS::ElasticLoadBalancingV2::LoadBalancer front",
			"created a listener rule (priority 1, fixed-response 503, conditions) on load balancer front", ""},
		{"rds:ModifyDBInstance", `{"dBInstanceIdentifier":"shop","cACertificateIdentifier":"rds-ca-rsa4096-g1"}`, ``,
			"AWS::RDS::DBInstance shop", "modified DB instance shop (ca certificate identifier rds-ca-rsa4096-g1)", ""},
		{"elasticloadbalancing:DeleteRule", `{"ruleArn":"` + arnRule + `"}`, ``,
			"AWS::ElasticLoadBalancingV2::LoadBalancer front", "deleted a listener rule of load balancer front", ""},
		{"elasticloadbalancing:ModifyTargetGroup", `{"targetGroupArn":"` + arnTG +
			`","healthCheckPath":"/up","matcher":{"httpCode":"200"}}`, ``,
			"AWS::ElasticLoadBalancingV2::TargetGroup web",
			"changed target group web (health check path /up, matcher http code 200)", ""},
		{"elasticloadbalancing:DeregisterTargets", `{"targetGroupArn":"` + arnTG +
			`","targets":[{"id":"10.0.1.7","port":80}]}`, ``,
			"AWS::ElasticLoadBalancingV2::TargetGroup web", "took targets (10.0.1.7:80) out of target group web",
			"aws elbv2 register-targets --target-group-arn " + arnTG + " --targets Id=10.0.1.7,Port=80"},
		{"arc-zonal-shift:StartZonalShift", `{"resourceIdentifier":` +
			`"arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/front/50dc6c495c0c9188",` +
			`"awayFrom":"euw1-az1","expiresIn":"12h","comment":"drill"}`, ``,
			"AWS::ElasticLoadBalancingV2::LoadBalancer front",
			"shifted the traffic of load balancer front away from a zone (euw1-az1)", ""},
		{"arc-zonal-shift:UpdateZonalShift", `{"zonalShiftId":"9ac9ec1e","expiresIn":"24h"}`, `{"resourceIdentifier":` +
			`"arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/front/50dc6c495c0c9188"}`,
			"AWS::ElasticLoadBalancingV2::LoadBalancer front", "changed a zonal shift of load balancer front (24h)", ""},
		{"iam:DetachRolePolicy", `{"roleName":"task","policyArn":"` + arnPolicy + `"}`, ``, "AWS::IAM::Role task",
			"detached a policy (" + arnPolicy + ") from role task",
			"aws iam attach-role-policy --role-name task --policy-arn " + arnPolicy},
		{"iam:UpdateAssumeRolePolicy", `{"roleName":"task","policyDocument":"{}"}`, ``, "AWS::IAM::Role task",
			"rewrote who may assume role task", ""},
		{"iam:SetDefaultPolicyVersion", `{"policyArn":"` + arnPolicy + `","versionId":"v3"}`, ``,
			"AWS::IAM::ManagedPolicy read-secrets",
			"made another version (v3) the default of policy read-secrets", ""},
		{"ssm:PutParameter", `{"name":"/prod/api/url","value":"HIDDEN_DUE_TO_SECURITY_REASONS","overwrite":true}`,
			`{"version":4}`,
			"AWS::SSM::Parameter /prod/api/url", "set parameter /prod/api/url (version 4)", ""},
		{"secretsmanager:DeleteSecret", `{"secretId":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbC123"}`,
			``,
			"AWS::SecretsManager::Secret prod/db", "deleted secret prod/db",
			"aws secretsmanager restore-secret --secret-id prod/db"},
		{"rds:ModifyDBInstance",
			`{"dBInstanceIdentifier":"shop","dBInstanceClass":"db.t3.micro","masterUserPassword":"hunter2",` +
				`"applyImmediately":true}`, ``,
			"AWS::RDS::DBInstance shop",
			"modified DB instance shop (db instance class db.t3.micro, master user password (not shown))", ""},
		{"rds:ModifyDBParameterGroup",
			`{"dBParameterGroupName":"pg","parameters":[{"parameterName":"max_connections","parameterValue":"50"}]}`, ``,
			"AWS::RDS::DBParameterGroup pg", "changed parameters (max_connections 50) of DB parameter group pg", ""},
		{"ecr:BatchDeleteImage", `{"repositoryName":"shop/api","imageIds":[{"imageTag":"v1"}]}`, ``,
			"AWS::ECR::Repository shop/api",
			"deleted images (v1) from repository shop/api", ""},
		{"logs:DeleteLogGroup", `{"logGroupName":"/ecs/prod"}`, ``, "AWS::Logs::LogGroup /ecs/prod",
			"deleted log group /ecs/prod",
			"aws logs create-log-group --log-group-name /ecs/prod"},
		{"kms:ScheduleKeyDeletion", `{"keyId":"arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab"}`, ``,
			"AWS::KMS::Key 1234abcd-12ab",
			"scheduled the deletion of KMS key 1234abcd-12ab", "aws kms cancel-key-deletion --key-id 1234abcd-12ab"},
		{"lambda:UpdateFunctionCode20150331v2", `{"functionName":"arn:aws:lambda:eu-west-1:111122223333:function:hook"}`, ``,
			"AWS::Lambda::Function hook", "gave Lambda function hook new code", ""},
		{"autoscaling:UpdateAutoScalingGroup", `{"autoScalingGroupName":"hosts","maxSize":1}`, ``,
			"AWS::AutoScaling::AutoScalingGroup hosts",
			"changed auto scaling group hosts (max size 1)", ""},
		{"application-autoscaling:RegisterScalableTarget",
			`{"resourceId":"service/prod/api","minCapacity":1,"maxCapacity":2}`, ``,
			"AWS::ECS::Service prod/api", "set the scaling limits of ECS service prod/api (min capacity 1, max capacity 2)", ""},
	} {
		t.Run(tt.action, func(t *testing.T) {
			c := only(t, changesfake.Write{At: now.Add(-time.Hour), Action: tt.action, Who: "omar.h", Params: tt.params,
				Response: tt.response}.Event())
			require.NotEmpty(t, c.Resources)
			assert.Equal(t, tt.resource, c.Resources[0].Type+" "+c.Resources[0].ID)
			assert.Equal(t, "111122223333", c.Resources[0].Account)
			assert.Equal(t, "omar.h "+tt.says, c.Summary)
			undo := ""
			for _, s := range c.Steps {
				undo = s.Command
				assert.True(t, s.Changes)
			}
			assert.Equal(t, tt.undo, undo)
			assert.NotContains(t, told(c), "hunter2")
		})
	}
}

func told(c changes.Change) string {
	var text strings.Builder
	for _, f := range changes.Findings([]changes.Change{c}) {
		text.WriteString(f.Summary)
		for _, e := range f.Evidence {
			text.WriteString(e.Value)
		}
	}
	return text.String()
}

// TestKinds holds the tables together: every event is of a family, no change is routine, and an event without any
// parameters still makes sense.
func TestKinds(t *testing.T) {
	inUse := map[string]bool{"deployed": true, "committed": true, "flag-changed": true}
	for action, family := range changes.Kinds() {
		t.Run(action, func(t *testing.T) {
			inUse[family] = true
			assert.Equal(t, family, changes.FamilyOf(diag.Code("changes."+family)).Name, "the family exists")
			assert.False(t, changes.Routine(action), "it is folded before it is read")
			for _, params := range []string{"", `{}`, `{"items":[]}`, `[1]`, `"text"`} {
				c := only(t, changesfake.Write{At: now.Add(-time.Hour), Action: action, Who: "omar.h", Params: params}.Event())
				assert.NotContains(t, c.Summary, "{")
				assert.NotContains(t, c.Summary, "()")
				assert.True(t, strings.HasPrefix(c.Summary, "omar.h "), c.Summary)
				for _, s := range c.Steps {
					assert.NotContains(t, s.Command, "  ")
				}
			}
		})
	}
	for _, f := range changes.Families() {
		assert.True(t, inUse[f.Name], "no event is of the family %s", f.Name)
	}
}

func TestUnknownEvents(t *testing.T) {
	c := only(t, changesfake.Write{At: now.Add(-time.Hour), Action: "kinesis:UpdateShardCount", Who: "omar.h",
		Resources: []string{"AWS::Kinesis::Stream arn:aws:kinesis:eu-west-1:111122223333:stream/jobs"}}.Event())
	assert.Equal(t, "omar.h updated shard count on stream jobs (kinesis)", c.Summary)
	assert.Equal(t, diag.Code("changes.other"), c.Code)
	c = only(t, changesfake.Write{At: now.Add(-time.Hour), Action: "odd:Frobnicate", Who: "omar.h"}.Event())
	assert.Equal(t, "omar.h called Frobnicate on a resource that the event does not name (odd)", c.Summary)
}

// TestBareEvents reads events without the record inside, or with a damaged one.
func TestBareEvents(t *testing.T) {
	for _, record := range []*string{nil, aws.String(""), aws.String("{"), aws.String("null"),
		aws.String(`{"userIdentity":7,"resources":"x"}`)} {
		c := only(t, types.Event{EventId: aws.String("e"), EventName: aws.String("DeleteRoute"),
			EventSource: aws.String("ec2.amazonaws.com"),
			EventTime:   aws.Time(now.Add(-time.Hour)), ReadOnly: aws.String("false"), Username: aws.String("omar.h"),
			CloudTrailEvent: record,
			Resources: []types.Resource{{ResourceType: aws.String("AWS::EC2::RouteTable"),
				ResourceName: aws.String("rtb-1")}}})
		assert.Equal(t, "omar.h deleted a route from route table rtb-1", c.Summary)
		assert.True(t, c.Touches(diag.ResourceOf("AWS::EC2::RouteTable", "rtb-1", "")))
	}
}

package saved_test

import (
	aas "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// operation makes the SDK's empty input and output.
type operation struct{ input, output func() any }

func of[In, Out any]() operation {
	return operation{func() any { return new(In) }, func() any { return new(Out) }}
}

// operations are those of the saved worlds in testdata, by IAM action.
var operations = map[string]operation{
	"application-autoscaling:DescribeScalableTargets":     of[aas.DescribeScalableTargetsInput, aas.DescribeScalableTargetsOutput](),
	"application-autoscaling:DescribeScalingActivities":   of[aas.DescribeScalingActivitiesInput, aas.DescribeScalingActivitiesOutput](),
	"application-autoscaling:DescribeScalingPolicies":     of[aas.DescribeScalingPoliciesInput, aas.DescribeScalingPoliciesOutput](),
	"cloudtrail:LookupEvents":                             of[cloudtrail.LookupEventsInput, cloudtrail.LookupEventsOutput](),
	"cloudwatch:DescribeAlarmHistory":                     of[cloudwatch.DescribeAlarmHistoryInput, cloudwatch.DescribeAlarmHistoryOutput](),
	"cloudwatch:DescribeAlarms":                           of[cloudwatch.DescribeAlarmsInput, cloudwatch.DescribeAlarmsOutput](),
	"cloudwatch:GetMetricData":                            of[cloudwatch.GetMetricDataInput, cloudwatch.GetMetricDataOutput](),
	"ec2:DescribeAddresses":                               of[ec2.DescribeAddressesInput, ec2.DescribeAddressesOutput](),
	"ec2:DescribeAvailabilityZones":                       of[ec2.DescribeAvailabilityZonesInput, ec2.DescribeAvailabilityZonesOutput](),
	"ec2:DescribeDhcpOptions":                             of[ec2.DescribeDhcpOptionsInput, ec2.DescribeDhcpOptionsOutput](),
	"ec2:DescribeFlowLogs":                                of[ec2.DescribeFlowLogsInput, ec2.DescribeFlowLogsOutput](),
	"ec2:DescribeIamInstanceProfileAssociations":          of[ec2.DescribeIamInstanceProfileAssociationsInput, ec2.DescribeIamInstanceProfileAssociationsOutput](),
	"ec2:DescribeInstanceAttribute":                       of[ec2.DescribeInstanceAttributeInput, ec2.DescribeInstanceAttributeOutput](),
	"ec2:DescribeInstanceStatus":                          of[ec2.DescribeInstanceStatusInput, ec2.DescribeInstanceStatusOutput](),
	"ec2:DescribeInstances":                               of[ec2.DescribeInstancesInput, ec2.DescribeInstancesOutput](),
	"ec2:DescribeInternetGateways":                        of[ec2.DescribeInternetGatewaysInput, ec2.DescribeInternetGatewaysOutput](),
	"ec2:DescribeNatGateways":                             of[ec2.DescribeNatGatewaysInput, ec2.DescribeNatGatewaysOutput](),
	"ec2:DescribeNetworkAcls":                             of[ec2.DescribeNetworkAclsInput, ec2.DescribeNetworkAclsOutput](),
	"ec2:DescribeNetworkInterfaces":                       of[ec2.DescribeNetworkInterfacesInput, ec2.DescribeNetworkInterfacesOutput](),
	"ec2:DescribePrefixLists":                             of[ec2.DescribePrefixListsInput, ec2.DescribePrefixListsOutput](),
	"ec2:DescribeRouteTables":                             of[ec2.DescribeRouteTablesInput, ec2.DescribeRouteTablesOutput](),
	"ec2:DescribeSecurityGroupRules":                      of[ec2.DescribeSecurityGroupRulesInput, ec2.DescribeSecurityGroupRulesOutput](),
	"ec2:DescribeSecurityGroups":                          of[ec2.DescribeSecurityGroupsInput, ec2.DescribeSecurityGroupsOutput](),
	"ec2:DescribeSubnets":                                 of[ec2.DescribeSubnetsInput, ec2.DescribeSubnetsOutput](),
	"ec2:DescribeTransitGatewayVpcAttachments":            of[ec2.DescribeTransitGatewayVpcAttachmentsInput, ec2.DescribeTransitGatewayVpcAttachmentsOutput](),
	"ec2:DescribeVolumeStatus":                            of[ec2.DescribeVolumeStatusInput, ec2.DescribeVolumeStatusOutput](),
	"ec2:DescribeVolumes":                                 of[ec2.DescribeVolumesInput, ec2.DescribeVolumesOutput](),
	"ec2:DescribeVpcAttribute":                            of[ec2.DescribeVpcAttributeInput, ec2.DescribeVpcAttributeOutput](),
	"ec2:DescribeVpcEndpoints":                            of[ec2.DescribeVpcEndpointsInput, ec2.DescribeVpcEndpointsOutput](),
	"ec2:DescribeVpcPeeringConnections":                   of[ec2.DescribeVpcPeeringConnectionsInput, ec2.DescribeVpcPeeringConnectionsOutput](),
	"ec2:DescribeVpcs":                                    of[ec2.DescribeVpcsInput, ec2.DescribeVpcsOutput](),
	"ecr:DescribeImages":                                  of[ecr.DescribeImagesInput, ecr.DescribeImagesOutput](),
	"ecr:DescribeRepositories":                            of[ecr.DescribeRepositoriesInput, ecr.DescribeRepositoriesOutput](),
	"ecr:GetRepositoryPolicy":                             of[ecr.GetRepositoryPolicyInput, ecr.GetRepositoryPolicyOutput](),
	"ecs:DescribeCapacityProviders":                       of[ecs.DescribeCapacityProvidersInput, ecs.DescribeCapacityProvidersOutput](),
	"ecs:DescribeClusters":                                of[ecs.DescribeClustersInput, ecs.DescribeClustersOutput](),
	"ecs:DescribeContainerInstances":                      of[ecs.DescribeContainerInstancesInput, ecs.DescribeContainerInstancesOutput](),
	"ecs:DescribeServices":                                of[ecs.DescribeServicesInput, ecs.DescribeServicesOutput](),
	"ecs:DescribeTaskDefinition":                          of[ecs.DescribeTaskDefinitionInput, ecs.DescribeTaskDefinitionOutput](),
	"ecs:DescribeTasks":                                   of[ecs.DescribeTasksInput, ecs.DescribeTasksOutput](),
	"ecs:ListClusters":                                    of[ecs.ListClustersInput, ecs.ListClustersOutput](),
	"ecs:ListContainerInstances":                          of[ecs.ListContainerInstancesInput, ecs.ListContainerInstancesOutput](),
	"ecs:ListServiceDeployments":                          of[ecs.ListServiceDeploymentsInput, ecs.ListServiceDeploymentsOutput](),
	"ecs:ListServices":                                    of[ecs.ListServicesInput, ecs.ListServicesOutput](),
	"ecs:ListTaskDefinitions":                             of[ecs.ListTaskDefinitionsInput, ecs.ListTaskDefinitionsOutput](),
	"ecs:ListTasks":                                       of[ecs.ListTasksInput, ecs.ListTasksOutput](),
	"elasticloadbalancing:DescribeListenerCertificates":   of[elbv2.DescribeListenerCertificatesInput, elbv2.DescribeListenerCertificatesOutput](),
	"elasticloadbalancing:DescribeListeners":              of[elbv2.DescribeListenersInput, elbv2.DescribeListenersOutput](),
	"elasticloadbalancing:DescribeLoadBalancerAttributes": of[elbv2.DescribeLoadBalancerAttributesInput, elbv2.DescribeLoadBalancerAttributesOutput](),
	"elasticloadbalancing:DescribeLoadBalancers":          of[elbv2.DescribeLoadBalancersInput, elbv2.DescribeLoadBalancersOutput](),
	"elasticloadbalancing:DescribeRules":                  of[elbv2.DescribeRulesInput, elbv2.DescribeRulesOutput](),
	"elasticloadbalancing:DescribeTargetGroupAttributes":  of[elbv2.DescribeTargetGroupAttributesInput, elbv2.DescribeTargetGroupAttributesOutput](),
	"elasticloadbalancing:DescribeTargetGroups":           of[elbv2.DescribeTargetGroupsInput, elbv2.DescribeTargetGroupsOutput](),
	"elasticloadbalancing:DescribeTargetHealth":           of[elbv2.DescribeTargetHealthInput, elbv2.DescribeTargetHealthOutput](),
	"iam:GetInstanceProfile":                              of[iam.GetInstanceProfileInput, iam.GetInstanceProfileOutput](),
	"iam:GetPolicy":                                       of[iam.GetPolicyInput, iam.GetPolicyOutput](),
	"iam:GetPolicyVersion":                                of[iam.GetPolicyVersionInput, iam.GetPolicyVersionOutput](),
	"iam:GetRole":                                         of[iam.GetRoleInput, iam.GetRoleOutput](),
	"iam:GetRolePolicy":                                   of[iam.GetRolePolicyInput, iam.GetRolePolicyOutput](),
	"iam:ListAttachedRolePolicies":                        of[iam.ListAttachedRolePoliciesInput, iam.ListAttachedRolePoliciesOutput](),
	"iam:ListInstanceProfilesForRole":                     of[iam.ListInstanceProfilesForRoleInput, iam.ListInstanceProfilesForRoleOutput](),
	"iam:ListRolePolicies":                                of[iam.ListRolePoliciesInput, iam.ListRolePoliciesOutput](),
	"iam:SimulatePrincipalPolicy":                         of[iam.SimulatePrincipalPolicyInput, iam.SimulatePrincipalPolicyOutput](),
	"kms:DescribeKey":                                     of[kms.DescribeKeyInput, kms.DescribeKeyOutput](),
	"kms:ListAliases":                                     of[kms.ListAliasesInput, kms.ListAliasesOutput](),
	"logs:DescribeLogGroups":                              of[logs.DescribeLogGroupsInput, logs.DescribeLogGroupsOutput](),
	"logs:DescribeLogStreams":                             of[logs.DescribeLogStreamsInput, logs.DescribeLogStreamsOutput](),
	"logs:FilterLogEvents":                                of[logs.FilterLogEventsInput, logs.FilterLogEventsOutput](),
	"rds:DescribeDBClusters":                              of[rds.DescribeDBClustersInput, rds.DescribeDBClustersOutput](),
	"rds:DescribeDBInstances":                             of[rds.DescribeDBInstancesInput, rds.DescribeDBInstancesOutput](),
	"rds:DescribeDBLogFiles":                              of[rds.DescribeDBLogFilesInput, rds.DescribeDBLogFilesOutput](),
	"rds:DescribeDBParameterGroups":                       of[rds.DescribeDBParameterGroupsInput, rds.DescribeDBParameterGroupsOutput](),
	"rds:DescribeDBParameters":                            of[rds.DescribeDBParametersInput, rds.DescribeDBParametersOutput](),
	"rds:DescribeDBSubnetGroups":                          of[rds.DescribeDBSubnetGroupsInput, rds.DescribeDBSubnetGroupsOutput](),
	"rds:DescribeEvents":                                  of[rds.DescribeEventsInput, rds.DescribeEventsOutput](),
	"rds:DescribePendingMaintenanceActions":               of[rds.DescribePendingMaintenanceActionsInput, rds.DescribePendingMaintenanceActionsOutput](),
	"secretsmanager:DescribeSecret":                       of[secretsmanager.DescribeSecretInput, secretsmanager.DescribeSecretOutput](),
	"secretsmanager:GetResourcePolicy":                    of[secretsmanager.GetResourcePolicyInput, secretsmanager.GetResourcePolicyOutput](),
	"secretsmanager:ListSecrets":                          of[secretsmanager.ListSecretsInput, secretsmanager.ListSecretsOutput](),
	"ssm:DescribeInstanceInformation":                     of[ssm.DescribeInstanceInformationInput, ssm.DescribeInstanceInformationOutput](),
	"ssm:DescribeParameters":                              of[ssm.DescribeParametersInput, ssm.DescribeParametersOutput](),
	"ssm:DescribeSessions":                                of[ssm.DescribeSessionsInput, ssm.DescribeSessionsOutput](),
	"ssm:GetCommandInvocation":                            of[ssm.GetCommandInvocationInput, ssm.GetCommandInvocationOutput](),
	"ssm:GetConnectionStatus":                             of[ssm.GetConnectionStatusInput, ssm.GetConnectionStatusOutput](),
	"ssm:ListCommandInvocations":                          of[ssm.ListCommandInvocationsInput, ssm.ListCommandInvocationsOutput](),
	"sts:GetCallerIdentity":                               of[sts.GetCallerIdentityInput, sts.GetCallerIdentityOutput](),
}

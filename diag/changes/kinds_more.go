package changes

// moreKinds are events that take others back, so that these are known to be over, and some of access and of capacity.
func moreKinds() []kind {
	group := ids(typeScalingGroup, "autoScalingGroupName")
	key := ids(typeKey, "keyId", "=keyId")
	stream := ids("AWS::Kinesis::Stream", "resourceARN", "resourceArn")
	bus := ids("AWS::Events::EventBus", "eventBusName")
	point := ids("AWS::S3::AccessPoint", "name")
	alarms := ids(typeAlarm, "alarmNames")
	return []kind{
		{"ec2:AttachInternetGateway", "route-changed", "attached {target} to a VPC{detail}",
			ids(typeIGW, "internetGatewayId"), param("vpcId"), nil},
		{"ec2:AttachVolume", "volume-changed", "attached {target}{detail}", ids(typeVolume, "volumeId"), param("instanceId"),
			nil},
		{"iam:AddRoleToInstanceProfile", "role-policy-changed", "put a role{detail} into {target}",
			ids(typeProfile, "instanceProfileName"), param("roleName"), nil},
		{"kms:EnableKey", other, "enabled {target}", key, nil, nil},
		{"kms:CancelKeyDeletion", other, "cancelled the deletion of {target}", key, nil, nil},
		{"rds:StartDBCluster", "database-modified", "started {target}", ids(typeDBCluster, "dBClusterIdentifier"), nil, nil},
		{"autoscaling:EnterStandby", "scaling-group-stopped", "took instances{detail} of {target} out of service", group,
			param("instanceIds"), nil},
		{"autoscaling:DetachLoadBalancerTargetGroups", "scaling-group-stopped", "took {target} out of target groups{detail}",
			group, param("targetGroupARNs"), nil},
		{"elasticloadbalancing:ModifyListenerAttributes", "listener-changed", "changed a listener of {target}{detail}",
			balancerOf, attributes, nil},
		{"monitoring:PutMetricAlarm", other, "set {target}", ids(typeAlarm, "alarmName"), nil, nil},
		{"monitoring:DeleteAlarms", "scaling-removed", "deleted {target}", alarms, nil, nil},
		{"monitoring:DisableAlarmActions", "scaling-removed", "kept {target} from acting", alarms, nil, enableAlarms},
		{"monitoring:EnableAlarmActions", other, "let {target} act again", alarms, nil, nil},
		{"ecr:PutRegistryPolicy", "resource-policy-changed", "rewrote the policy of the registry", (*call).listed, nil, nil},
		{"ecr:DeleteRegistryPolicy", "resource-policy-deleted", "deleted the policy of the registry", (*call).listed, nil,
			nil},
		{"logs:PutResourcePolicy", "resource-policy-changed", "wrote a resource policy{detail} of CloudWatch Logs",
			(*call).listed, param("policyName"), nil},
		{"logs:DeleteResourcePolicy", "resource-policy-deleted", "deleted a resource policy{detail} of CloudWatch Logs",
			(*call).listed, param("policyName"), nil},
		{"kinesis:PutResourcePolicy", "resource-policy-changed", "rewrote the policy of {target}", stream, nil, nil},
		{"kinesis:DeleteResourcePolicy", "resource-policy-deleted", "deleted the policy of {target}", stream, nil, nil},
		{"events:PutPermission", "resource-policy-changed", "let others send events to {target}", bus, nil, nil},
		{"events:RemovePermission", "resource-policy-deleted", "took the permission to send events from {target}", bus, nil,
			nil},
		{"s3:PutAccessPointPolicy", "resource-policy-changed", "rewrote the policy of {target}", point, nil, nil},
		{"s3:DeleteAccessPointPolicy", "resource-policy-deleted", "deleted the policy of {target}", point, nil, nil},
		{"ecr:DeleteLifecyclePolicy", "lifecycle-policy-changed", "deleted the lifecycle policy of {target}",
			ids(typeRepository, "repositoryName"), nil, nil},
	}
}

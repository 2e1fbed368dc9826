package changes

// platformKinds are the events of what applications lean on: caches, tables, queues, topics, brokers, buckets and file
// systems. Operations and parameters are those of the services' API references.
func platformKinds() []kind {
	const cache, kafka, efs = "elasticache:", "kafka:", "elasticfilesystem:"
	cluster := ids(typeCacheCluster, "cacheClusterId")
	replicas := ids(typeReplicationGroup, "replicationGroupId")
	serverless := ids("AWS::ElastiCache::ServerlessCache", "serverlessCacheName")
	parameters := ids("AWS::ElastiCache::ParameterGroup", "cacheParameterGroupName")
	user, group := ids("AWS::ElastiCache::User", "userId"), ids("AWS::ElastiCache::UserGroup", "userGroupId")
	broker := ids(typeBroker, "clusterArn")
	files := ids(typeFileSystem, "fileSystemId")
	return append([]kind{
		{cache + "ModifyCacheCluster", "cache-changed", "modified {target}{detail}", cluster, settings, nil},
		{cache + "ModifyReplicationGroup", "cache-changed", "modified {target}{detail}", replicas, settings, nil},
		{cache + "ModifyReplicationGroupShardConfiguration", "cache-changed", "resharded {target}{detail}", replicas,
			param("nodeGroupCount"), nil},
		{cache + "IncreaseReplicaCount", "cache-changed", "added replicas to {target}{detail}", replicas,
			param("newReplicaCount"), nil},
		{cache + "DecreaseReplicaCount", "cache-changed", "took replicas from {target}{detail}", replicas,
			param("newReplicaCount"), nil},
		{cache + "ModifyServerlessCache", "cache-changed", "modified {target}{detail}", serverless, settings, nil},
		{cache + "ModifyCacheParameterGroup", "cache-changed", "changed parameters{detail} of {target}", parameters,
			cacheParameters, nil},
		{cache + "ResetCacheParameterGroup", "cache-changed", "reset parameters{detail} of {target}", parameters,
			cacheParameters, nil},
		{cache + "ModifyUser", "cache-changed", "changed {target}{detail}", user, param("accessString"), nil},
		{cache + "ModifyUserGroup", "cache-changed", "changed who is in {target}", group, nil, nil},
		{cache + "RebootCacheCluster", "cache-stopped", "rebooted {target}", cluster, nil, nil},
		{cache + "TestFailover", "cache-stopped", "failed {target} over", replicas, nil, nil},
		{cache + "DeleteCacheCluster", "cache-stopped", "deleted {target}", cluster, nil, nil},
		{cache + "DeleteReplicationGroup", "cache-stopped", "deleted {target}", replicas, nil, nil},
		{cache + "DeleteServerlessCache", "cache-stopped", "deleted {target}", serverless, nil, nil},
		{cache + "DeleteUser", "cache-stopped", "deleted {target}", user, nil, nil},
		{cache + "DeleteUserGroup", "cache-stopped", "deleted {target}", group, nil, nil},

		{kafka + "UpdateBrokerCount", "dependency-changed", "set the number of brokers of {target}{detail}", broker,
			param("targetNumberOfBrokerNodes"), nil},
		{kafka + "UpdateBrokerType", "dependency-changed", "set the size of the brokers of {target}{detail}", broker,
			param("targetInstanceType"), nil},
		{kafka + "UpdateBrokerStorage", "dependency-changed", "changed the storage of {target}", broker, nil, nil},
		{kafka + "UpdateClusterConfiguration", "dependency-changed", "gave {target} another configuration{detail}", broker,
			param("configurationInfo.arn"), nil},
		{kafka + "UpdateClusterKafkaVersion", "dependency-changed", "set the version of {target}{detail}", broker,
			param("targetKafkaVersion"), nil},
		{kafka + "UpdateSecurity", "dependency-changed", "changed how clients of {target} log in", broker, nil, nil},
		{kafka + "UpdateConnectivity", "dependency-changed", "changed how {target} is reached", broker, nil, nil},
		{kafka + "PutClusterPolicy", "resource-policy-changed", "rewrote the policy of {target}", broker, nil, nil},
		{kafka + "DeleteClusterPolicy", "resource-policy-deleted", "deleted the policy of {target}", broker, nil, nil},
		{kafka + "RebootBroker", "dependency-deleted", "rebooted brokers{detail} of {target}", broker, param("brokerIds"),
			nil},
		{kafka + "BatchDisassociateScramSecret", "dependency-deleted", "took logins{detail} from {target}", broker,
			listOf("secretArnList"), nil},
		{kafka + "DeleteCluster", "dependency-deleted", "deleted {target}", broker, nil, nil},

		{efs + "UpdateFileSystem", "dependency-changed", "changed {target}{detail}", files,
			param("throughputMode", "provisionedThroughputInMibps"), nil},
		{efs + "ModifyMountTargetSecurityGroups", "dependency-changed", "gave a {target} other security groups{detail}",
			ids(typeMountTarget, "mountTargetId"), listOf("securityGroups"), nil},
		{efs + "PutFileSystemPolicy", "resource-policy-changed", "rewrote the policy of {target}", files, nil, nil},
		{efs + "DeleteFileSystemPolicy", "resource-policy-deleted", "deleted the policy of {target}", files, nil, nil},
		{efs + "DeleteMountTarget", "dependency-deleted", "deleted {target}", ids(typeMountTarget, "mountTargetId"), nil,
			nil},
		{efs + "DeleteAccessPoint", "dependency-deleted", "deleted {target}",
			ids("AWS::EFS::AccessPoint", "accessPointId"), nil, nil},
		{efs + "DeleteFileSystem", "dependency-deleted", "deleted {target}", files, nil, nil},
	}, storeKinds()...)
}

// storeKinds are the events of tables, queues, topics and buckets.
func storeKinds() []kind {
	table := ids(typeTable, "tableName", "resourceArn")
	queue := ids(typeQueue, "queueUrl")
	topic := ids(typeTopic, "topicArn")
	bucket := ids(typeBucket, "bucketName")
	return []kind{
		{"dynamodb:UpdateTable", "dependency-changed", "changed {target}{detail}", table, settings, nil},
		{"dynamodb:UpdateTimeToLive", "dependency-changed", "changed how long items of {target} live", table, nil, nil},
		{"dynamodb:PutResourcePolicy", "resource-policy-changed", "rewrote the policy of {target}", table, nil, nil},
		{"dynamodb:DeleteResourcePolicy", "resource-policy-deleted", "deleted the policy of {target}", table, nil, nil},
		{"dynamodb:DeleteTable", "dependency-deleted", "deleted {target}", table, nil, nil},
		{"sqs:SetQueueAttributes", "dependency-changed", "changed {target}{detail}", queue, attributeNames, nil},
		{"sqs:PurgeQueue", "dependency-changed", "emptied {target}", queue, nil, nil},
		{"sqs:AddPermission", "resource-policy-changed", "added a permission{detail} to {target}", queue, param("label"),
			nil},
		{"sqs:RemovePermission", "resource-policy-deleted", "took a permission{detail} from {target}", queue,
			param("label"), nil},
		{"sqs:DeleteQueue", "dependency-deleted", "deleted {target}", queue, nil, nil},
		{"sns:SetTopicAttributes", "dependency-changed", "changed {target}{detail}", topic, param("attributeName"), nil},
		{"sns:AddPermission", "resource-policy-changed", "added a permission{detail} to {target}", topic, param("label"),
			nil},
		{"sns:RemovePermission", "resource-policy-deleted", "took a permission{detail} from {target}", topic,
			param("label"), nil},
		{"sns:Subscribe", "dependency-changed", "subscribed to {target}{detail}", topic, param("protocol"), nil},
		{"sns:SetSubscriptionAttributes", "dependency-changed", "changed a subscription of {target}{detail}", topicOf,
			param("attributeName"), nil},
		{"sns:Unsubscribe", "dependency-deleted", "ended a subscription of {target}", topicOf, nil, nil},
		{"sns:DeleteTopic", "dependency-deleted", "deleted {target}", topic, nil, nil},
		{"s3:PutBucketPolicy", "resource-policy-changed", "rewrote the policy of {target}", bucket, nil, nil},
		{"s3:DeleteBucketPolicy", "resource-policy-deleted", "deleted the policy of {target}", bucket, nil, nil},
		{"s3:PutBucketPublicAccessBlock", "resource-policy-changed", "set what the public may do with {target}", bucket,
			nil, nil},
		{"s3:PutBucketAcl", "resource-policy-changed", "set the ACL of {target}", bucket, nil, nil},
		{"s3:PutBucketOwnershipControls", "resource-policy-changed", "set who owns the objects in {target}", bucket, nil,
			nil},
		{"s3:PutBucketEncryption", "dependency-changed", "set how {target} encrypts", bucket, nil, nil},
		{"s3:PutBucketLifecycle", "dependency-changed", "set when objects of {target} expire", bucket, nil, nil},
		{"s3:PutBucketCors", "dependency-changed", "set which sites may read {target}", bucket, nil, nil},
		{"s3:DeleteBucketCors", "dependency-changed", "deleted which sites may read {target}", bucket, nil, nil},
		{"s3:DeleteBucket", "dependency-deleted", "deleted {target}", bucket, nil, nil},
	}
}

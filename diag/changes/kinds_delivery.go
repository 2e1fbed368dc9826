package changes

// deliveryKinds are the events of log groups, functions and stacks.
func deliveryKinds() []kind {
	group := ids(typeLogGroup, "logGroupName", "logGroupIdentifier")
	function := ids(typeFunction, "functionName")
	stack := ids(typeStack, "stackName")
	return []kind{
		{"logs:DeleteLogGroup", "log-group-deleted", "deleted {target}", group, nil, createLogGroup},
		{"logs:CreateLogGroup", "log-group-changed", "created {target}", group, nil, nil},
		{"logs:PutRetentionPolicy", "log-group-changed", "set how long {target} keeps events{detail}", group, days, nil},
		{"logs:DeleteRetentionPolicy", "log-group-changed", "let {target} keep events for ever", group, nil, nil},
		{"logs:AssociateKmsKey", "log-group-changed", "gave {target} a key{detail}", group, param("kmsKeyId"), nil},
		{"logs:DisassociateKmsKey", "log-group-changed", "took its key from {target}", group, nil, nil},
		{"logs:PutSubscriptionFilter", "log-group-changed", "set a subscription filter{detail} of {target}", group,
			param("filterName"), nil},
		{"logs:DeleteSubscriptionFilter", "log-group-changed", "deleted a subscription filter{detail} of {target}", group,
			param("filterName"), nil},
		{"logs:DeleteMetricFilter", "log-group-changed", "deleted a metric filter{detail} of {target}", group,
			param("filterName"), nil},
		{"lambda:UpdateFunctionCode", "function-changed", "gave {target} new code", function, nil, nil},
		{"lambda:UpdateFunctionConfiguration", "function-changed", "changed the configuration of {target}{detail}", function,
			settings, nil},
		{"lambda:UpdateAlias", "function-changed", "moved an alias{detail} of {target}", function,
			param("name", "functionVersion"), nil},
		{"lambda:PutFunctionConcurrency", "function-changed", "limited how often {target} runs at once{detail}", function,
			param("reservedConcurrentExecutions"), nil},
		{"lambda:RemovePermission", "resource-policy-deleted", "took a permission{detail} from {target}", function,
			param("statementId"), nil},
		{"lambda:AddPermission", "resource-policy-changed", "added a permission{detail} to {target}", function,
			param("statementId"), nil},
		{"lambda:DeleteFunction", "function-deleted", "deleted {target}", function, nil, nil},
		{"cloudformation:CreateStack", "stack-changed", "began to create {target}", stack, nil, nil},
		{"cloudformation:UpdateStack", "stack-changed", "began to update {target}", stack, nil, nil},
		{"cloudformation:ExecuteChangeSet", "stack-changed", "executed a change set{detail} of {target}", stack,
			param("changeSetName"), nil},
		{"cloudformation:DeleteStack", "stack-changed", "began to delete {target}", stack, nil, nil},
		{"codedeploy:CreateDeployment", "deployed", "began a deployment{detail}", (*call).listed,
			param("applicationName", "deploymentGroupName"), nil},
	}
}

func days(c *call) string {
	if n := c.params.first("retentionInDays"); n != "" {
		return n + " days"
	}
	return ""
}

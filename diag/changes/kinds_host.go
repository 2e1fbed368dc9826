package changes

// hostKinds are the events of instances and of what they hang on.
func hostKinds() []kind {
	instances := ids(typeInstance, "instancesSet.instanceId", "instanceId", "instanceIds")
	volume := ids(typeVolume, "volumeId")
	asg := ids(typeScalingGroup, "autoScalingGroupName")
	profile := ids(typeInstance, "iamInstanceProfileAssociation.instanceId", "instanceId",
		"=iamInstanceProfileAssociation.instanceId")
	return []kind{
		{"ec2:StopInstances", "instance-stopped", "stopped {target}", instances, nil, startInstance},
		{"ec2:TerminateInstances", "instance-stopped", "terminated {target}", instances, nil, nil},
		{"ec2:RebootInstances", "instance-stopped", "rebooted {target}", instances, nil, nil},
		{"ec2:RunInstances", "instance-started", "launched {target}{detail}", ids(typeInstance, "=instancesSet.instanceId"),
			param("instanceType"), nil},
		{"ec2:StartInstances", "instance-started", "started {target}", instances, nil, nil},
		{"ec2:ModifyInstanceAttribute", "instance-changed", "changed {target}{detail}", instances, settings, nil},
		{"ec2:ModifyInstanceMetadataOptions", "instance-changed", "changed the metadata options of {target}{detail}",
			instances, settings, nil},
		{"ec2:AssociateIamInstanceProfile", "instance-changed", "gave {target} an instance profile{detail}", profile,
			param("iamInstanceProfile.name", "iamInstanceProfile.arn"), nil},
		{"ec2:DisassociateIamInstanceProfile", "instance-changed", "took its instance profile from {target}{detail}",
			profile, param("associationId"), nil},
		{"ec2:ReplaceIamInstanceProfileAssociation", "instance-changed", "replaced the instance profile of {target}{detail}",
			profile, param("iamInstanceProfile.name", "iamInstanceProfile.arn"), nil},
		{"ec2:ModifyVolume", "volume-changed", "modified {target}{detail}", volume, settings, nil},
		{"ec2:DetachVolume", "volume-detached", "detached {target}{detail}", volume, param("instanceId"), nil},
		{"ec2:DeleteVolume", "volume-detached", "deleted {target}", volume, nil, nil},
		{"autoscaling:UpdateAutoScalingGroup", "scaling-group-changed", "changed {target}{detail}", asg, settings, nil},
		{"autoscaling:SetDesiredCapacity", "scaling-group-changed", "set the size of {target}{detail}", asg,
			named("desiredCapacity"), nil},
		{"autoscaling:CreateAutoScalingGroup", "scaling-group-changed", "created {target}", asg, nil, nil},
		{"autoscaling:StartInstanceRefresh", "scaling-group-changed", "began to replace the instances of {target}", asg, nil,
			nil},
		{"autoscaling:ResumeProcesses", "scaling-group-changed", "resumed the work of {target}{detail}", asg,
			param("scalingProcesses"), nil},
		{"autoscaling:SuspendProcesses", "scaling-group-stopped", "suspended the work of {target}{detail}", asg,
			param("scalingProcesses"), resume},
		{"autoscaling:DetachInstances", "scaling-group-stopped", "detached instances{detail} from {target}", asg,
			param("instanceIds"), nil},
		{"autoscaling:DeleteAutoScalingGroup", "scaling-group-stopped", "deleted {target}", asg, nil, nil},
		{"autoscaling:TerminateInstanceInAutoScalingGroup", "instance-stopped", "terminated {target}", instances, nil, nil},
		{"ssm:SendCommand", "command-run", "ran a command{detail} on {target}", instances, param("documentName"), nil},
		{"ssm:StartAutomationExecution", "command-run", "started an automation{detail}", (*call).listed,
			param("documentName"), nil},
		{"ssm:StartSession", "command-run", "opened a session on {target}", ids(typeInstance, "target"), nil, nil},
		{"ssm:DeregisterManagedInstance", "managed-node-deregistered", "took {target} out of Systems Manager", instances,
			nil, nil},
		{"ssm:DeleteActivation", "managed-node-deregistered", "deleted an activation{detail}", (*call).listed,
			param("activationId"), nil},
		{"ssm:UpdateDocument", "document-changed", "changed {target}", ids(typeDocument, "name"), nil, nil},
		{"ssm:UpdateDocumentDefaultVersion", "document-changed", "made another version{detail} the default of {target}",
			ids(typeDocument, "name"), param("documentVersion"), nil},
		{"ssm:DeleteDocument", "document-changed", "deleted {target}", ids(typeDocument, "name"), nil, nil},
	}
}

package ssmdiag

import "slices"

// NodeServices returns the AWS services that SSM Agent must reach, by the ends of their endpoint service names. With an
// agent older than 3.3.40.0, or of unknown version (""), ec2messages is one of them ("Improve the security of EC2
// instances by using VPC endpoints for Systems Manager").
func NodeServices(agentVersion string) []string {
	services := []string{"ssm", "ssmmessages"}
	if olderThan(agentVersion, withoutEC2Messages) {
		services = append(services, "ec2messages")
	}
	return services
}

// NodeActions returns the IAM actions without which a machine is no managed node: those of the managed policy
// AmazonSSMManagedInstanceCore with which the agent registers, keeps its connections and takes orders. The same agents
// that need the service ec2messages need its actions.
//
// Ask whether the role of the instance may use them, whichever policy allows them: a policy of another name will do,
// and one of that name does not help against a boundary or a denial.
func NodeActions(agentVersion string) []string {
	actions := []string{
		"ssm:UpdateInstanceInformation",
		"ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
		"ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
	}
	if olderThan(agentVersion, withoutEC2Messages) {
		actions = append(actions, "ec2messages:AcknowledgeMessage", "ec2messages:DeleteMessage",
			"ec2messages:FailMessage", "ec2messages:GetEndpoint", "ec2messages:GetMessages", "ec2messages:SendReply")
	}
	slices.Sort(actions)
	return actions
}

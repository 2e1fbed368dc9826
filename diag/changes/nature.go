package changes

import (
	"slices"
	"strconv"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// natures tell how events take effect, by action; those that are not here do so at once.
var natures = map[string]func(*call) diag.Nature{
	"secretsmanager:PutSecretValue": is(diag.AtStart), "secretsmanager:UpdateSecret": is(diag.AtStart),
	"secretsmanager:RotateSecret": is(diag.AtStart), "secretsmanager:RotationSucceeded": is(diag.AtStart),
	"secretsmanager:UpdateSecretVersionStage": is(diag.AtStart),
	"ssm:PutParameter":                        is(diag.AtStart), "ssm:LabelParameterVersion": is(diag.AtStart),
	"ecr:PutImage":                    is(diag.AtStart),
	"ec2:CreateLaunchTemplateVersion": is(diag.AtStart), "ec2:ModifyLaunchTemplate": is(diag.AtStart),
	"ec2:AttachVolume":         is(diag.AtStart), // a root device is looked for at boot
	"ec2:AssociateDhcpOptions": is(diag.AtStart), // asked for at a start, and when a lease ends
	"ec2:ModifyImageAttribute": is(diag.AtStart), "ec2:ModifyInstanceAttribute": is(diag.AtStart),
	"rds:ModifyDBParameterGroup": parametersWait, "rds:ResetDBParameterGroup": parametersWait,
	"rds:ModifyDBClusterParameterGroup": parametersWait, "rds:ResetDBClusterParameterGroup": parametersWait,
	"appconfig:StartDeployment": is(diag.AtStart),

	"ec2:RebootInstances": is(diag.Restarts), "ec2:StartInstances": is(diag.Restarts),
	"rds:RebootDBInstance": is(diag.Restarts), "rds:RebootDBCluster": is(diag.Restarts),
	"rds:FailoverDBCluster": is(diag.Restarts), "rds:StartDBInstance": is(diag.Restarts),
	"rds:StartDBCluster": is(diag.Restarts), "elasticache:RebootCacheCluster": is(diag.Restarts),
	"elasticache:TestFailover": is(diag.Restarts), "kafka:RebootBroker": is(diag.Restarts),
	"ecs:StopTask": is(diag.Restarts), "ecs:UpdateService": ofUpdate,
	"autoscaling:StartInstanceRefresh":                is(diag.Restarts),
	"autoscaling:TerminateInstanceInAutoScalingGroup": is(diag.Restarts),

	"ec2:StopInstances": is(diag.Remedy), "ec2:TerminateInstances": is(diag.Remedy),
	"ssm:SendCommand": is(diag.Remedy), "ssm:StartAutomationExecution": is(diag.Remedy),
	"ssm:StartSession": is(diag.Remedy), "ecs:ExecuteCommand": is(diag.Remedy),
	"ecs:StopServiceDeployment":      is(diag.Remedy),
	"autoscaling:SetDesiredCapacity": is(diag.Remedy), "autoscaling:UpdateAutoScalingGroup": is(diag.Remedy),
	"application-autoscaling:RegisterScalableTarget": is(diag.Remedy),
	"codedeploy:StopDeployment":                      is(diag.Remedy), "rds:ModifyDBInstance": is(diag.Remedy),
}

func is(n diag.Nature) func(*call) diag.Nature { return func(*call) diag.Nature { return n } }

// nature tells how the call takes effect.
func (c *call) nature() diag.Nature {
	if of := natures[c.action()]; of != nil {
		return of(c)
	}
	return 0
}

// parametersWait reports parameters of a database that are applied by a reboot. A reset of all of them says nothing
// else.
func parametersWait(c *call) diag.Nature {
	methods := c.params.all("parameters.applyMethod")
	if slices.Contains(methods, "pending-reboot") || len(methods) == 0 && c.params.first("resetAllParameters") == "true" {
		return diag.AtStart
	}
	return 0
}

// ofUpdate tells what an update of a service is: a restart, if it deploys the same again, as the request or the
// answer says, or asks for more tasks of the same; a remedy, if it goes back to an earlier revision or asks for
// another number of tasks. Other updates are releases.
func ofUpdate(c *call) diag.Nature {
	said := slices.DeleteFunc(c.params.names(), func(name string) bool { return name == "cluster" || name == "service" })
	td, was := lastPart(c.params.first("taskDefinition")), c.ranBefore(c.params.first("taskDefinition"))
	forced, alone := c.params.first("forceNewDeployment") == "true", len(said) == 1
	answered := len(c.response.get("service", "deployments").list()) > 0
	switch {
	case forced && (alone || len(said) == 2 && td != "" && answered && was == ""):
		return diag.Restarts
	case alone && contains(said, "desiredCount"):
		ran := number(c.response.first("service.runningCount"))
		if ran != nil && *ran < count(c.params.first("desiredCount")) {
			return diag.Restarts
		}
		return diag.Remedy
	case was != "" && olderRevision(td, was):
		return diag.Remedy
	}
	return 0
}

// olderRevision reports an earlier revision of the same task definition: "api:7" and "api:8".
func olderRevision(td, than string) bool {
	family, n, _ := strings.Cut(td, ":")
	other, m, _ := strings.Cut(than, ":")
	return family == other && count(n) < count(m)
}

// count reads a number, zero if it is none.
func count(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

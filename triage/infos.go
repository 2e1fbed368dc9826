package triage

//go:generate go run ../internal/gen

import (
	"cmp"
	"slices"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/access/policies"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/diag/health"
	"github.com/awsdiag/awsdiag/diag/images"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/probe"
	"github.com/awsdiag/awsdiag/diag/scaling"
	"github.com/awsdiag/awsdiag/diag/secrets"
	"github.com/awsdiag/awsdiag/diag/traces"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag"
	"github.com/awsdiag/awsdiag/ssmdiag"
)

// Infos returns what every check of this module says of itself, by code.
func Infos() []diag.Info {
	infos := slices.Concat(
		infosOf(ec2diag.ScalingGroupChecks()), infosOf(ec2diag.ScalingGroupPlacementChecks()),
		infosOf(ec2diag.InstanceMetricChecks()), infosOf(ec2diag.AdmissionChecks()),
		infosOf(access.GrantChecks()), infosOf(access.RoleChecks()),
		infosOf(albdiag.ServedChecks()), infosOf(albdiag.CertificateChecks()),
		infosOf(albdiag.LoadBalancerChecks()), infosOf(albdiag.LoadBalancerAttributeChecks()),
		infosOf(albdiag.TargetGroupAttributeChecks()),
		infosOf(albdiag.TargetGroupChecks()), infosOf(albdiag.TurnoverChecks()),
		infosOf(changes.TouchedChecks()),
		infosOf(traces.TracesChecks()), infosOf(health.EventChecks()),
		infosOf(ec2diag.ContainerHostChecks()),
		infosOf(ec2diag.EgressChecks()),
		infosOf(ec2diag.InstanceChecks()), infosOf(ec2diag.InstanceDepthChecks()),
		infosOf(ec2diag.PathChecks()), infosOf(ec2diag.ResolverChecks()),
		infosOf(ec2diag.SubnetChecks()), infosOf(ec2diag.SubnetGroupChecks()), infosOf(ec2diag.SubnetSetChecks()),
		infosOf(ec2diag.NATGatewayChecks()),
		infosOf(albdiag.OutageChecks()),
		infosOf(ecsdiag.ClusterChecks()),
		infosOf(ecsdiag.ExecChecks()), infosOf(ecsdiag.ExecAttemptsChecks()),
		infosOf(ecsdiag.ReleaseAttemptsChecks()),
		infosOf(ecsdiag.LaunchesChecks()),
		infosOf(ecsdiag.ServiceChecks()),
		infosOf(ecsdiag.TaskChecks()),
		infosOf(ecsdiag.TaskDefinitionChecks()),
		infosOf(ecsdiag.UsageChecks()),
		infosOf(images.ImageChecks()),
		infosOf(images.PlatformChecks()),
		infosOf(logs.GroupChecks()),
		infosOf(logs.ListeningChecks()),
		infosOf(logs.RequestChecks()),
		infosOf(metrics.AlarmChecks()), []diag.Info{metrics.TrafficSurge},
		infosOf(policies.KeyChecks()),
		infosOf(probe.EndpointChecks()),
		infosOf(rdsdiag.BlueGreenChecks()),
		infosOf(rdsdiag.CrowdChecks()),
		infosOf(rdsdiag.DBClusterChecks()),
		infosOf(rdsdiag.DBInstanceChecks()),
		infosOf(rdsdiag.ExposureChecks()),
		infosOf(rdsdiag.LoadChecks()),
		infosOf(rdsdiag.UseChecks()),
		infosOf(scaling.TargetChecks()), infosOf(scaling.DriveChecks()),
		infosOf(secrets.SecretChecks()),
		infosOf(ssmdiag.CommandsChecks()),
		infosOf(ssmdiag.AttemptsChecks()),
		infosOf(ssmdiag.IdentityChecks()),
		infosOf(ssmdiag.NodeChecks()),
		infosOf(ssmdiag.ParameterChecks()),
		infosOf(ssmdiag.PreferencesChecks()),
	)
	slices.SortFunc(infos, func(a, b diag.Info) int { return cmp.Compare(a.Code, b.Code) })
	return infos
}

func infosOf[S diag.Subject](checks []*diag.Check[S]) []diag.Info {
	infos := make([]diag.Info, len(checks))
	for i, c := range checks {
		infos[i] = c.Info
	}
	return infos
}

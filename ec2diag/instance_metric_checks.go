package ec2diag

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// metricActions are what the checks of metrics call.
var metricActions = []string{sourceMetrics, "ec2:DescribeInstances"}

// metricPoints is how many points in a row make a trouble of a metric: fifteen minutes at the standard period.
const metricPoints = 3

// metricRule is one check of the metrics of an instance.
type metricRule struct {
	info  diag.Info
	judge func(i *Instance, d types.Instance, set metrics.Set) []diag.Finding
}

const (
	sourceCredits = "Amazon EC2 user guide, Burstable performance instances: CloudWatch metrics for CPU credits"
	sourceBalance = "Amazon EC2 user guide, CloudWatch metrics: Amazon EBS metrics for Nitro-based instances"
	sourceVolumes = "Amazon EBS user guide, CloudWatch metrics for Amazon EBS"
	docCredits    = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances.html"
	docVolumes    = "https://docs.aws.amazon.com/ebs/latest/userguide/using_cloudwatch_ebs.html"
)

var metricRules = []metricRule{
	{diag.Info{Code: "ec2.cpu-credits-used-up", Title: "CPU credits are used up",
		Doc: "A burstable instance has spent its CPU credits, and none are lent to it: it runs at its baseline, a fraction of " +
			"its CPUs, until the load falls.",
		Severity: diag.SeverityWarning, Breaks: []diag.Mechanism{diag.HostRun, diag.Request},
		Needs: []diag.Mechanism{diag.Demand}, Source: sourceCredits},
		judgeCredits},
	{diag.Info{Code: "ec2.cpu-surplus-charged", Title: "Surplus CPU credits are charged",
		Doc: "A burstable instance in unlimited mode spends more credits than it earns. It is not slowed down; the surplus " +
			"costs money.",
		Severity: diag.SeverityInfo, Source: sourceCredits}, judgeSurplus},
	{diag.Info{Code: "ec2.ebs-balance-used-up", Title: "Instance has used up its EBS burst",
		Doc: "The instance type can exceed its EBS baseline only for a while each day, and that is used up: all volumes " +
			"together get the baseline of the instance.",
		Severity: diag.SeverityWarning, Breaks: []diag.Mechanism{diag.HostRun, diag.Request}, Source: sourceBalance},
		judgeBalance},
	{diag.Info{Code: "ec2.volume-burst-used-up", Title: "Volume has used up its burst",
		Doc:      "A gp2, st1 or sc1 volume has spent its burst credits and is back at its baseline.",
		Severity: diag.SeverityWarning, Breaks: []diag.Mechanism{diag.HostRun, diag.Request}, Source: sourceVolumes},
		judgeVolumes("BurstBalance", "Minimum", atMost(1), "has no burst credits left and gets its baseline only,",
			"Move the volume to gp3, whose performance does not depend on credits.")},
	{diag.Info{Code: "ec2.volume-limit-reached", Title: "Volume is at its limit of I/O operations",
		Doc: "The instance asks for more I/O operations than the volume is provisioned for. With this for most of the last " +
			"quarter of an hour, I/O waits.",
		Severity: diag.SeverityWarning, Breaks: []diag.Mechanism{diag.HostRun, diag.Request}, Source: sourceVolumes},
		judgeVolumes("VolumeIOPSExceededCheck", "Average", atLeast(0.8),
			"is asked for more I/O operations than it is provisioned for,",
			"Raise the provisioned IOPS of the volume.")},
	{diag.Info{Code: "ec2.volume-throughput-reached", Title: "Volume is at its limit of throughput",
		Doc: "The instance asks for more throughput than the volume is provisioned for. With this for most of the last " +
			"quarter of an hour, I/O waits.",
		Severity: diag.SeverityWarning, Breaks: []diag.Mechanism{diag.HostRun, diag.Request}, Source: sourceVolumes},
		judgeVolumes("VolumeThroughputExceededCheck", "Average", atLeast(0.8),
			"is asked for more throughput than it is provisioned for,",
			"Raise the provisioned throughput of the volume.")},
	{diag.Info{Code: "ec2.volume-stalled", Title: "Volume does not complete I/O",
		Doc:      "EBS finds that the volume has not completed I/O operations for a minute or more: reads and writes hang.",
		Severity: diag.SeverityError, Breaks: []diag.Mechanism{diag.HostRun}, Source: sourceVolumes},
		judgeVolumes("VolumeStalledIOCheck", "Maximum", atLeast(1), "does not complete I/O,",
			"Stop and start the instance, or replace the volume from a snapshot.")},
}

// InstanceMetricChecks report what the metrics of an instance and of its volumes show. They need a source, see
// [Instance.WithMetrics], and share one call.
func InstanceMetricChecks() []*diag.Check[*Instance] {
	var checks []*diag.Check[*Instance]
	for _, r := range metricRules {
		info := r.info
		info.Actions = metricActions
		info.Limits = "CloudWatch shows points some minutes late. Network allowances are reported by the instance's own " +
			"driver only, and are not seen."
		checks = append(checks, &diag.Check[*Instance]{Info: info,
			Run: func(ctx context.Context, i *Instance) ([]diag.Finding, error) {
				d, set, err := i.observe(ctx)
				if set.Len() == 0 {
					return nil, err
				}
				return r.judge(i, d, set), err
			}})
	}
	return checks
}

// judgeCredits finds a balance of zero without any surplus: in unlimited mode credits are lent as soon as it is zero.
func judgeCredits(i *Instance, d types.Instance, set metrics.Set) []diag.Finding {
	empty, ok := lasting(set.Series(i.metric("CPUCreditBalance", "Minimum")), i.window.End, metricPoints, atMost(0.5))
	surplus, lent := set.Series(i.metric("CPUSurplusCreditBalance", "Maximum")).Between(
		diag.Window{Start: empty.since, End: i.window.End}).Max()
	if !ok || (lent && surplus.Value > 0) {
		return nil
	}
	f := empty.finding(fmt.Sprintf("%s (%s) has no CPU credits left and runs at its baseline", i.label(), d.InstanceType),
		diag.Step{Text: "Take a larger or another type, or lend the instance credits for money.", Changes: true,
			Doc: docCredits,
			Command: "aws ec2 modify-instance-credit-specification --instance-credit-specification " +
				"InstanceId=" + i.id + ",CpuCredits=unlimited"})
	if p, ok := set.Series(i.metric("CPUUtilization", "Average")).Last(); ok {
		f.Summary += fmt.Sprintf("; its CPUs are at %.0f %%", p.Value)
		f.Evidence = append(f.Evidence, diag.Evidence{Source: sourceMetrics, Field: "CPUUtilization (Average) of " + i.id,
			Value: fmt.Sprintf("%.4g", p.Value), At: p.At})
	}
	return []diag.Finding{empty.led(f)}
}

func judgeSurplus(i *Instance, d types.Instance, set metrics.Set) []diag.Finding {
	charged, ok := lasting(set.Series(i.metric("CPUSurplusCreditsCharged", "Sum")), i.window.End, metricPoints,
		func(v float64) bool { return v > 0 })
	if !ok {
		return nil
	}
	return []diag.Finding{charged.finding(fmt.Sprintf("%s (%s) runs on surplus CPU credits, which are charged", i.label(),
		d.InstanceType), diag.Step{Text: "Compare the price of the surplus with that of a larger type.", Doc: docCredits})}
}

func judgeBalance(i *Instance, d types.Instance, set metrics.Set) []diag.Finding {
	var findings []diag.Finding
	for _, b := range [][2]string{{"EBSIOBalance%", "I/O operations"}, {"EBSByteBalance%", "throughput"}} {
		if low, ok := lasting(set.Series(i.metric(b[0], "Minimum")), i.window.End, metricPoints, atMost(1)); ok {
			findings = append(findings, low.led(low.finding(fmt.Sprintf("%s (%s) has used up its burst of EBS %s (%.0f %% left)",
				i.label(), d.InstanceType, b[1], low.last.Value),
				diag.Step{Text: "Take a larger type, whose EBS baseline is higher.", Doc: docVolumes})))
		}
	}
	return findings
}

func judgeVolumes(
	name, stat string,
	bad func(float64) bool,
	text, step string,
) func(*Instance, types.Instance, metrics.Set) []diag.Finding {
	return func(i *Instance, d types.Instance, set metrics.Set) []diag.Finding {
		var findings []diag.Finding
		for _, v := range volumes(d) {
			if low, ok := lasting(set.Series(volumeMetric(v, name, stat)), i.window.End, metricPoints, bad); ok {
				f := low.finding(fmt.Sprintf("volume %s of %s %s %s", v, i.label(), text, low.lasted()),
					diag.Step{Text: step, Command: "aws ec2 describe-volumes --volume-ids " + v, Doc: docVolumes})
				f.Related = []diag.Related{{Resource: resource(typeVolume, v), Role: "volume"}}
				if name == "BurstBalance" {
					f = low.led(f)
				}
				findings = append(findings, f)
			}
		}
		return findings
	}
}

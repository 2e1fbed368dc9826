package rdsdiag

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
)

// atMaxCapacity is the share of its greatest capacity, in percent, at which a serverless cluster can grow no further.
const atMaxCapacity = 98.0

const serverlessDoc = "Important Amazon CloudWatch metrics for Aurora Serverless v2 (Amazon Aurora User Guide)"

// ServerlessAtMaxCapacity reports an Aurora Serverless cluster that can grow no further.
var ServerlessAtMaxCapacity = &diag.Check[*DBCluster]{
	Info: diag.Info{
		Code: "rds.serverless-at-max-capacity", Title: "Serverless cluster at its greatest capacity",
		Severity: diag.SeverityWarning,
		Doc: "The cluster uses all the capacity units that it may, on average over its instances. More load makes it " +
			"slower instead of larger.",
		Actions: []string{callClusters, callMetrics}, Breaks: []diag.Mechanism{diag.DBServe},
		Needs: []diag.Mechanism{diag.DBServe}, Source: serverlessDoc,
		Limits: "An instance at its greatest capacity beside idle ones does not show here: see rds.instance-at-max-capacity.",
	},
	Run: func(ctx context.Context, c *DBCluster) ([]diag.Finding, error) {
		d, err := c.Describe(ctx)
		set, setErr := c.Metrics(ctx)
		if d == nil {
			return nil, errors.Join(err, setErr)
		}
		s := set.Series(c.metric("ACUUtilization", "Average"))
		b, ok := lastStretch(s, c.window, ceilingPoints, false, atLeast(atMaxCapacity))
		if !ok {
			return nil, setErr
		}
		f := diag.Finding{Resource: c.resource(d), Severity: b.severity(diag.SeverityWarning), Since: b.start,
			SinceAtLeast: b.open,
			Evidence: append(stretchEvidence(s, b, " %"), newest(set, " ACU", c.metric("ServerlessDatabaseCapacity",
				"Average"))...),
			Summary: fmt.Sprintf("%s uses %s %% of its greatest capacity %s", c.ref.id, number(b.worst.Value), b.when())}
		if !b.ongoing {
			f.Until = b.end
		}
		return []diag.Finding{withCapacity(f, d)}, setErr
	},
}

// InstanceAtMaxCapacity reports a serverless instance that can grow no further.
var InstanceAtMaxCapacity = &diag.Check[*DBInstance]{
	Info: diag.Info{
		Code: "rds.instance-at-max-capacity", Title: "Serverless instance at its greatest capacity",
		Severity: diag.SeverityWarning,
		Doc: "The serverless instance uses all the capacity units that its cluster allows it. More load makes it slower " +
			"instead of larger; its processors and its memory cannot grow.",
		Actions: []string{callClusters, callInstances, callMetrics}, Breaks: []diag.Mechanism{diag.DBServe},
		Needs: []diag.Mechanism{diag.Application}, Source: serverlessDoc,
	},
	Run: func(ctx context.Context, i *DBInstance) ([]diag.Finding, error) {
		d, set, err := i.observe(ctx)
		if d == nil || aws.ToString(d.DBInstanceClass) != serverless {
			return nil, err
		}
		r := reading{i, d, set}
		s := r.series("ACUUtilization", "Average")
		b, ok := lastStretch(s, r.window(), ceilingPoints, false, atLeast(atMaxCapacity))
		if !ok {
			return nil, err
		}
		f := r.finding(b, diag.SeverityWarning, fmt.Sprintf("%s uses %s %% of its greatest capacity %s", r.id(),
			number(b.worst.Value), b.when()), stretchEvidence(s, b, " %"), r.last(" ACU", "ServerlessDatabaseCapacity"),
			r.last(" %", "CPUUtilization"))
		cluster, clusterErr := i.Cluster(ctx)
		if cluster != nil {
			var described *types.DBCluster
			described, clusterErr = cluster.Describe(ctx)
			f = withCapacity(f, described)
		}
		return []diag.Finding{f}, errors.Join(err, clusterErr)
	},
}

// withCapacity tells the greatest capacity in a finding, and how to raise it. The cluster may be nil.
func withCapacity(f diag.Finding, d *types.DBCluster) diag.Finding {
	id := "CLUSTER"
	if d != nil {
		id = aws.ToString(d.DBClusterIdentifier)
		if v2 := d.ServerlessV2ScalingConfiguration; v2 != nil && v2.MaxCapacity != nil {
			f.Summary += fmt.Sprintf(": the maximum is %s ACU", number(*v2.MaxCapacity))
			f.Evidence = append(f.Evidence, clusterEvidence("ServerlessV2ScalingConfiguration.MaxCapacity",
				number(*v2.MaxCapacity)))
		}
	}
	f.NextSteps = []diag.Step{{Text: "Raise the maximum, or find the load that came.", Changes: true,
		Command: "aws rds modify-db-cluster --db-cluster-identifier " + id +
			" --serverless-v2-scaling-configuration MinCapacity=MIN,MaxCapacity=MAX"}}
	return f
}

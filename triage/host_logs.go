package triage

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/ec2diag"
)

// typeHostLog is what the part of a log group that an instance writes is filed under.
const typeHostLog = "log of a host"

const (
	// maxHostGroups bounds the log groups that are asked for streams of an instance, one call each.
	maxHostGroups = 4
	// maxGroupPages bounds the calls that list log groups.
	maxGroupPages = 4
)

// hostGroup matches names of log groups that hold what operating systems and their agents write. Groups of AWS
// services and of containers are none.
var (
	hostGroup = regexp.MustCompile(`(?i)syslog|/var/log|messages|journal|(^|[/_.-])(system|secure|auth|ssm|amazon-ssm|` +
		`agents?|hosts?|ec2|instances?|servers?|vms?|bastion|linux|windows|cloud-init)($|[/_.-])`)
	serviceGroup = regexp.MustCompile(`^/aws/(lambda|rds|ecs|eks|containerinsights|vpc|apigateway|codebuild|route53)|` +
		`^/ecs/|TaskDef`)
)

// hostLogs leads from an instance to what it writes to CloudWatch Logs: the CloudWatch agent names the stream by the
// instance ("CloudWatch agent configuration file", log_stream_name), in a group that nothing links to it.
func (m *managed) hostLogs() *diag.Survey[*ec2diag.Instance] {
	return &diag.Survey[*ec2diag.Instance]{
		Name: "triage.host-logs",
		Actions: append([]string{"ec2:DescribeInstances", "iam:GetInstanceProfile", "logs:DescribeLogGroups",
			"logs:DescribeLogStreams", "logs:FilterLogEvents"}, endpointActions...),
		Links: func(ctx context.Context, i *ec2diag.Instance) ([]diag.Link, error) {
			names, err := m.hostGroups(ctx)
			var links []diag.Link
			for _, name := range names {
				group := logs.NewGroup(m.Scope.Clients.Logs, name, m.Window, logs.WithPacer(m.pacer),
					logs.WithStreamPrefixes(i.Resource().ID))
				streams, streamsErr := group.Streams(ctx)
				if err = errors.Join(err, streamsErr); len(streams) == 0 {
					continue
				}
				r := diag.Resource{Type: typeHostLog, ID: name + " of " + i.Resource().ID}
				group = subject(m.Scene, typeHostLog, r.ID, func() *logs.Group { return group })
				links = append(links, diag.Link{From: i.Resource(), To: r, Role: "writes", Context: true},
					diag.Link{From: i.Resource(), To: group.Resource(), Role: "writes"},
					diag.Link{From: group.Resource(), To: i.Resource(), Role: "written by"})
				refused, refusedErr := m.refusedInLog(ctx, i, group)
				links, err = append(links, refused...), errors.Join(err, refusedErr)
			}
			return links, err
		},
	}
}

// hostLogPlan examines what an instance wrote.
func hostLogPlan(s *Scene, r, _ diag.Resource) diag.Plan {
	if group, ok := s.filed(r).(*logs.Group); ok {
		return diag.On(group, logs.GroupChecks()...)
	}
	return diag.Plan{}
}

// hostGroups returns the names of log groups that may hold what hosts write.
func (m *managed) hostGroups(ctx context.Context) ([]string, error) {
	pages := cloudwatchlogs.NewDescribeLogGroupsPaginator(m.Scope.Clients.Logs, &cloudwatchlogs.DescribeLogGroupsInput{})
	var names []string
	for page := 0; pages.HasMorePages() && page < maxGroupPages; page++ {
		out, err := pages.NextPage(ctx)
		if err != nil {
			return names, fmt.Errorf("listing log groups of hosts: %w", err)
		}
		for _, g := range out.LogGroups {
			name := aws.ToString(g.LogGroupName)
			if hostGroup.MatchString(name) && !serviceGroup.MatchString(name) && len(names) < maxHostGroups {
				names = append(names, name)
			}
		}
	}
	return names, nil
}

// refusedInLog asks whether the role of the instance may indeed not do what its log says it was refused.
func (m *managed) refusedInLog(ctx context.Context, i *ec2diag.Instance, group *logs.Group) ([]diag.Link, error) {
	breakdown, _ := group.Breakdown(ctx) // an incomplete one is told by the group's own checks
	denials := refusals(breakdown)
	if len(denials) == 0 || m.roles == nil {
		return nil, nil
	}
	return m.refusedLinksOf(ctx, i.Resource(), denials)
}

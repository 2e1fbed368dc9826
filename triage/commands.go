package triage

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ssmdiag"
)

// commandsPlan examines what Run Command ran on an instance that was asked about, and what of it AWS refused.
func (m *managed) commandsPlan() diag.Plan {
	commands := ssmdiag.NewCommands(m.node, m.Scope.Clients.SSM, m.Window, readOutput)
	plan := diag.On(commands, ssmdiag.CommandsChecks()...)
	if m.roles == nil {
		return plan
	}
	return diag.Join(plan, diag.Observe(commands, m.refusedCommands()))
}

// readOutput reads what a command printed as a log is read: what it says as a whole, and the last line that says so.
func readOutput(text string) ssmdiag.Reading {
	class, ok := logs.Classify(text)
	if !ok || class.Cause == nil {
		return ssmdiag.Reading{}
	}
	read := ssmdiag.Reading{Means: class.Cause.Title}
	for line := range strings.Lines(text) {
		of, ok := logs.Classify(line)
		if ok && of.Cause != nil && of.Cause.Stem == class.Cause.Stem {
			read.Line = strings.TrimSpace(line)
		}
	}
	return read
}

// refusedCommands asks whether the role of an instance may indeed not do what a command on it was refused. It costs
// nothing where no command printed a refusal.
func (m *managed) refusedCommands() *diag.Survey[*ssmdiag.Commands] {
	return &diag.Survey[*ssmdiag.Commands]{
		Name: "triage.refused-commands",
		Actions: slices.Concat([]string{"ec2:DescribeInstances", "iam:GetInstanceProfile"}, ssmdiag.CommandsActions(),
			endpointActions),
		Links: func(ctx context.Context, commands *ssmdiag.Commands) ([]diag.Link, error) {
			denials := m.printedDenials(ctx, commands)
			if len(denials) == 0 {
				return nil, nil
			}
			return m.refusedLinksOf(ctx, commands.Resource(), denials)
		},
	}
}

// principalInstances is who assumes the role of an instance profile.
const principalInstances = "ec2.amazonaws.com"

// refusedLinksOf files a grant for what the role of the instance was refused. What was refused another role, which a
// program took on, is left to who looks at that.
func (m *managed) refusedLinksOf(ctx context.Context, of diag.Resource, denials []access.Denial) ([]diag.Link, error) {
	role, err := m.profileRole(ctx)
	var needs []access.Need
	var told []access.Denial
	for _, d := range denials {
		if d.Role != "" && !strings.HasSuffix(role, "/"+d.Role) {
			continue
		}
		for _, n := range access.Refused(d) {
			n.Principal = principalInstances
			needs = append(needs, n)
		}
		told = append(told, d)
	}
	endpoints, links, wayErr := m.refusedThrough(ctx, of, func(context.Context) (ec2diag.Location, error) {
		return ec2diag.Location{Instances: []string{m.instance.Resource().ID}}, nil
	}, told)
	links = append(links, m.grant(of, role, "calls AWS as", needs, access.Told(told...), access.Through(endpoints...))...)
	return links, errors.Join(err, wayErr)
}

// printedDenials are the calls that AWS refused, by what the failing commands printed. That an output cannot be read
// is told by the check that quotes it.
func (m *managed) printedDenials(ctx context.Context, commands *ssmdiag.Commands) []access.Denial {
	failing, _ := commands.Failing(ctx)
	var all []access.Denial
	seen := map[string]bool{}
	for _, s := range failing[:min(len(failing), maxDenialSeries)] {
		out, err := commands.Output(ctx, aws.ToString(s.Failed[0].CommandId))
		if err != nil {
			continue
		}
		for _, text := range []*string{out.StandardErrorContent, out.StandardOutputContent} {
			for line := range strings.Lines(aws.ToString(text)) {
				d, ok := access.ParseDenial(line)
				key := d.Action + " " + d.Resource + " " + d.Role
				if ok && d.Action != "" && !seen[key] && len(all) < maxRefused {
					seen[key], all = true, append(all, d)
				}
			}
		}
	}
	return all
}

// maxDenialSeries bounds the failing commands whose output is read for refusals.
const maxDenialSeries = 3

package triage

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
)

// instanceWays leads to the ways on which an instance is meant to be reached that somebody does not reach: from the
// internet, on the ports that its security groups open to everybody or the one that the complaint names, and from the
// load balancers of the target groups that it is in.
func (s *Scene) instanceWays() *diag.Survey[*ec2diag.Instance] {
	return &diag.Survey[*ec2diag.Instance]{
		Name: "triage.instance-ways",
		Actions: []string{"ec2:DescribeInstances", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups",
			"elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth"},
		Links: func(ctx context.Context, i *ec2diag.Instance) ([]diag.Link, error) {
			var public, balanced []diag.Link
			var errs [2]error
			var group sync.WaitGroup
			group.Go(func() { public, errs[0] = s.fromInternet(ctx, i) })
			group.Go(func() { balanced, errs[1] = s.fromTargetGroups(ctx, i) })
			group.Wait()
			return append(public, balanced...), errors.Join(errs[:]...)
		},
	}
}

// portNamed finds the port that a complaint names, as "port 8443" or "tcp/22". A number after a colon may be a time.
var portNamed = regexp.MustCompile(`(?i)\b(?:ports?|tcp)[ /:=]{1,2}(\d{1,5})\b`)

func (s *Scene) fromInternet(ctx context.Context, i *ec2diag.Instance) ([]diag.Link, error) {
	open, err := s.network.OpenToInternet(ctx, i.Resource().ID)
	var links []diag.Link
	for _, o := range open {
		ports := o.Ports
		if m := portNamed.FindStringSubmatch(s.note); m != nil {
			if port, err := strconv.ParseUint(m[1], 10, 16); err == nil {
				ports = []int32{int32(port)}
			}
		}
		for _, port := range ports[:min(len(ports), maxPorts)] {
			end := ec2diag.EndOf(i.Resource(), o.Interface)
			way := ec2diag.NewPath(s.network, ec2diag.Internet(), end, ec2diag.TCP, port)
			s.file(way)
			links = append(links, diag.Link{From: i.Resource(), To: way.Resource(), Role: "reached over"})
		}
	}
	return links, err
}

// maxGroupsSought bounds the target groups whose targets are listed to find an instance among them.
const maxGroupsSought = 50

// fromTargetGroups leads to the target groups that the instance is in. No call tells them.
func (s *Scene) fromTargetGroups(ctx context.Context, i *ec2diag.Instance) ([]diag.Link, error) {
	described, err := i.Describe(ctx)
	if err != nil || s.Scope.Clients.ELB == nil {
		return nil, err
	}
	groups, err := s.balancers.TargetGroups(ctx)
	groups = slices.DeleteFunc(slices.Clone(groups), func(tg *albdiag.TargetGroup) bool {
		d, err := tg.Describe(ctx)
		return err != nil || d.TargetType != elb.TargetTypeEnumInstance ||
			aws.ToString(d.VpcId) != aws.ToString(described.VpcId)
	})
	errs := make([]error, min(len(groups), maxGroupsSought), maxGroupsSought+2)
	if more := len(groups) - maxGroupsSought; more > 0 {
		groups = groups[:maxGroupsSought]
		err = errors.Join(err, diag.Errorf(diag.KindIncomplete, "%d target groups were not searched for instance %s",
			more, i.Resource().ID))
	}
	found := make([]bool, len(groups))
	var group sync.WaitGroup
	for n, tg := range groups {
		group.Go(func() {
			targets, err := tg.Targets(ctx)
			found[n] = slices.ContainsFunc(targets, func(t albdiag.Target) bool { return t.ID == i.Resource().ID })
			errs[n] = err
		})
	}
	group.Wait()
	var links []diag.Link
	for n, tg := range groups {
		if found[n] {
			links = append(links, diag.Link{From: tg.Resource(), To: i.Resource(), Role: "sends requests to"})
		}
	}
	return links, errors.Join(append(errs, err)...)
}

// rulesRemoved returns the ingress rules that were taken out of security groups within the window and not put back.
func (s *Scene) rulesRemoved(ctx context.Context) ([]ec2diag.RemovedRule, error) {
	sweep, err := s.trail.Sweep(ctx)
	if sweep == nil {
		return nil, err
	}
	var removed []ec2diag.RemovedRule
	for _, c := range sweep.Changes {
		if c.EventName != "RevokeSecurityGroupIngress" || !c.Until.IsZero() || !s.Window.Contains(c.At) {
			continue
		}
		for _, r := range c.Resources {
			if r.Type == "AWS::EC2::SecurityGroup" {
				removed = append(removed, ec2diag.RemovedRule{At: c.At, Group: r.ID, Summary: c.Summary})
			}
		}
	}
	return removed, err
}

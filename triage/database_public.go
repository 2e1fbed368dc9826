package triage

import (
	"context"
	"errors"
	"net/netip"
	"regexp"
	"sync"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/rdsdiag"
)

var (
	// comesFromOutside finds in a complaint that the client is outside the VPC, overPrivate that it has a private way
	// there all the same.
	comesFromOutside = regexp.MustCompile(`(?i)\b(?:(?:from|on|over|via) (?:the )?(?:public )?(?:internet|outside|home)|` +
		`outside (?:of )?(?:the |our |its |this )?(?:vpc|aws|network|account|cloud)|` +
		`(?:my|our|his|her|their|a|the|developer|local) (?:laptop|notebook|macbook|workstation|desktop)s?|` +
		`from (?:my|our|the|his|her|their) (?:machine|computer|office|home|desk|localhost)|on[- ]prem\w*|` +
		`from (?:a |the |our )?(?:vendor|partner|third[- ]party|customer)s?)\b`)
	overPrivate = regexp.MustCompile(`(?i)\b(?:vpn|direct ?connect|bastion|jump ?(?:host|box|server)|tunnel\w*|peering|` +
		`peered|transit gateway|port[- ]forward\w*|session manager|privatelink|private link|site-to-site)\b`)
	addressNamed = regexp.MustCompile(`\b\d{1,3}(?:\.\d{1,3}){3}\b`)
)

// outsider returns where a complaint says that its client comes from, if that is outside of every VPC: an address of
// the internet that it names, else the internet as a whole.
func outsider(note string) (ec2diag.End, bool) {
	if overPrivate.MatchString(note) {
		return ec2diag.End{}, false
	}
	says := comesFromOutside.MatchString(note)
	for _, text := range addressNamed.FindAllString(note, -1) {
		if a, err := netip.ParseAddr(text); says && err == nil && a.IsGlobalUnicast() && !a.IsPrivate() {
			return ec2diag.CIDREnd(netip.PrefixFrom(a, a.BitLen())), true
		}
	}
	return ec2diag.Internet(), says
}

// exposure is a database instance as one comes to it from outside. Only of publicly accessible ones is the network
// asked.
func (s *Scene) exposure(db *rdsdiag.DBInstance) *rdsdiag.Exposure {
	_, outside := outsider(s.note)
	return rdsdiag.NewExposure(db, outside && s.asks(DBUnreachable, Unreachable, Unknown), s.exposed)
}

// exposed returns what the network knows of the way from outside to a place.
func (s *Scene) exposed(ctx context.Context, at rdsdiag.Location) (rdsdiag.Exposed, error) {
	var seen rdsdiag.Exposed
	var errs [2]error
	var group sync.WaitGroup
	group.Go(func() { seen.Routes, errs[0] = s.network.InternetRoutes(ctx, at.VPC, at.Subnets...) })
	group.Go(func() { seen.Open, errs[1] = s.network.LetEverybodyIn(ctx, at.VPC, at.Groups, ec2diag.TCP, at.Port) })
	group.Wait()
	return seen, errors.Join(errs[:]...)
}

// waysFromOutside leads to the way from outside to a publicly accessible database, where the complaint comes from
// there and its subnets can be reached from there at all.
func (s *Scene) waysFromOutside() *diag.Survey[*rdsdiag.DBInstance] {
	return &diag.Survey[*rdsdiag.DBInstance]{
		Name:    "triage.ways-from-outside",
		Actions: []string{"rds:DescribeDBInstances"},
		Links: func(ctx context.Context, db *rdsdiag.DBInstance) ([]diag.Link, error) {
			from, outside := outsider(s.note)
			at, err := db.Location(ctx)
			if err != nil || !outside || !at.Public || at.Port == 0 || !s.asks(DBUnreachable, Unreachable, Unknown) {
				return nil, err
			}
			leads, err := s.network.InternetRoutes(ctx, at.VPC, at.Subnets...)
			var subnets []string
			for _, subnet := range at.Subnets {
				if leads[subnet] {
					subnets = append(subnets, subnet)
				}
			}
			if len(subnets) == 0 {
				return nil, err
			}
			to := ec2diag.EndIn(db.Resource(), ec2diag.Location{VPC: at.VPC, Subnets: subnets, Groups: at.Groups})
			way := ec2diag.NewPath(s.network, from, to, ec2diag.TCP, at.Port)
			s.file(way)
			return []diag.Link{{From: db.Resource(), To: way.Resource(), Role: "reached from outside over"}}, err
		},
	}
}

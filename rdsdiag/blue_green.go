package rdsdiag

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
)

// TypeBlueGreen is the type of a blue/green deployment in [diag.Resource]; CloudFormation has none.
const TypeBlueGreen = "AWS::RDS::BlueGreenDeployment"

// BlueGreenDeployment is a blue/green deployment and its facts: the production environment (blue), its copy (green),
// and the switchover that puts the one in the place of the other. Make one with [NewBlueGreenDeployment] or a
// [Directory].
type BlueGreenDeployment struct {
	api    BlueGreenAPI
	id     string
	window diag.Window

	described diag.Memo[*types.BlueGreenDeployment]
	events    diag.Memo[[]Event]
}

var _ diag.Subject = (*BlueGreenDeployment)(nil)

// NewBlueGreenDeployment makes a blue/green deployment, named by identifier ("bgd-…"). The window's End is "now".
func NewBlueGreenDeployment(api BlueGreenAPI, id string, window diag.Window) *BlueGreenDeployment {
	return &BlueGreenDeployment{api: api, id: strings.ToLower(id), window: window}
}

// Resource names the deployment.
func (b *BlueGreenDeployment) Resource() diag.Resource {
	return diag.ResourceOf(TypeBlueGreen, b.id, "")
}

// Describe returns what DescribeBlueGreenDeployments says. A deployment that does not exist is an error of
// [diag.KindNotFound].
func (b *BlueGreenDeployment) Describe(ctx context.Context) (*types.BlueGreenDeployment, error) {
	return b.described.Get(ctx, func(ctx context.Context) (*types.BlueGreenDeployment, error) {
		out, err := b.api.DescribeBlueGreenDeployments(ctx,
			&rds.DescribeBlueGreenDeploymentsInput{BlueGreenDeploymentIdentifier: aws.String(b.id)})
		if err != nil {
			return nil, fmt.Errorf("describing blue/green deployment %s: %w", b.id, err)
		}
		if len(out.BlueGreenDeployments) == 0 {
			return nil, diag.Errorf(diag.KindNotFound, "blue/green deployment %s does not exist in this account and "+
				"region", b.id)
		}
		return &out.BlueGreenDeployments[0], nil
	})
}

// Events returns the events of the deployment in the window, oldest first, at most the 14 days that RDS keeps. Those of
// its databases are theirs.
func (b *BlueGreenDeployment) Events(ctx context.Context) ([]Event, error) {
	return b.events.Get(ctx, func(ctx context.Context) ([]Event, error) {
		return readEvents(ctx, b.api, types.SourceTypeBlueGreenDeployment, b.id, b.window)
	})
}

// BlueGreenDeployment returns the blue/green deployment of an identifier, always the same one, without asking whether
// it exists.
func (d *Directory) BlueGreenDeployment(id string) *BlueGreenDeployment {
	d.mu.Lock()
	defer d.mu.Unlock()
	id = strings.ToLower(id)
	if d.blueGreens == nil {
		d.blueGreens = map[string]*BlueGreenDeployment{}
	}
	if d.blueGreens[id] == nil {
		d.blueGreens[id] = NewBlueGreenDeployment(d.api, id, d.window)
	}
	return d.blueGreens[id]
}

// BlueGreenDeployments lists the blue/green deployments of the account and region, born described, by identifier. What
// was read before an error is returned with it.
func (d *Directory) BlueGreenDeployments(ctx context.Context) ([]*BlueGreenDeployment, error) {
	return d.blueGreenList.Get(ctx, func(ctx context.Context) ([]*BlueGreenDeployment, error) {
		var found []*BlueGreenDeployment
		pages := rds.NewDescribeBlueGreenDeploymentsPaginator(d.api, &rds.DescribeBlueGreenDeploymentsInput{})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return found, fmt.Errorf("listing blue/green deployments: %w", err)
			}
			for _, described := range page.BlueGreenDeployments {
				b := d.BlueGreenDeployment(aws.ToString(described.BlueGreenDeploymentIdentifier))
				b.described.Set(&described)
				found = append(found, b)
			}
		}
		slices.SortFunc(found, func(a, b *BlueGreenDeployment) int { return cmp.Compare(a.id, b.id) })
		return found, nil
	})
}

// Switchable is a database that may be in a blue/green deployment: a [DBInstance] or a [DBCluster].
type Switchable interface {
	diag.Subject
	Events(context.Context) ([]Event, error)
}

var (
	// formerName and greenName are how RDS names the databases of the two environments after and before the switchover
	// ("Switching a blue/green deployment": "-oldn is appended", "mydb-green-abc123").
	formerName = regexp.MustCompile(`^(.+)-old\d+$`)
	greenName  = regexp.MustCompile(`^(.+)-green-[a-z0-9]{6}$`)
	// tellsOfSwitch finds the events that a deployment leaves behind at its databases.
	tellsOfSwitch = regexp.MustCompile(`(?i)blue/green|switch-?over|-green-[a-z0-9]{6}\b`)
)

// blueGreensOf returns the deployments that a database is in. They are listed, once for all databases, only where its
// name or one of its events tells of one: of most databases nothing does, and no call is made.
func (d *Directory) blueGreensOf(ctx context.Context, db Switchable) ([]*BlueGreenDeployment, error) {
	id := db.Resource().ID
	if !formerName.MatchString(id) && !greenName.MatchString(id) {
		events, err := db.Events(ctx)
		if !slices.ContainsFunc(events, func(e Event) bool { return tellsOfSwitch.MatchString(e.Message) }) {
			return nil, err
		}
	}
	all, err := d.BlueGreenDeployments(ctx)
	return slices.DeleteFunc(slices.Clone(all), func(b *BlueGreenDeployment) bool {
		described, err := b.Describe(ctx)
		return err != nil || !isMember(described, id)
	}), err
}

// isMember reports that a database is one of a deployment's, on either side.
func isMember(b *types.BlueGreenDeployment, id string) bool {
	is := func(arn *string) bool { return arn != nil && refOf(*arn).id == id }
	return is(b.Source) || is(b.Target) || slices.ContainsFunc(b.SwitchoverDetails, func(s types.SwitchoverDetail) bool {
		return is(s.SourceMember) || is(s.TargetMember)
	})
}

// BlueGreenSurvey links databases to the blue/green deployments they are in, found in a directory.
func BlueGreenSurvey[S Switchable](d *Directory) *diag.Survey[S] {
	return &diag.Survey[S]{
		Name:    "rds.blue-green",
		Actions: []string{callEvents, callBlueGreens},
		Links: func(ctx context.Context, db S) ([]diag.Link, error) {
			found, err := d.blueGreensOf(ctx, db)
			from := db.Resource()
			l := &linker{from: from}
			for _, b := range found {
				l.to(TypeBlueGreen, aws.String(b.id), "switched by", false)
			}
			return l.links, err
		},
	}
}

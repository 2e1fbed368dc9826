package albdiag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// Directory hands out one subject for each load balancer and target group of an account and region, so that nothing is
// fetched twice in a run: a target group that a load balancer lists is the one that [Directory.TargetGroup] returns. It
// lists only when asked to.
type Directory struct {
	api    LoadBalancerAPI
	source *metrics.Source
	window diag.Window

	mu            sync.Mutex
	loadBalancers map[string]*LoadBalancer
	targetGroups  map[string]*TargetGroup

	blocked diag.Memo[[]blocked]
}

// NewDirectory makes a directory. The source and the window are those of its subjects.
func NewDirectory(api LoadBalancerAPI, source *metrics.Source, window diag.Window) *Directory {
	return &Directory{api: api, source: source, window: window,
		loadBalancers: map[string]*LoadBalancer{}, targetGroups: map[string]*TargetGroup{}}
}

// LoadBalancer returns the load balancer of a name or ARN, always the same one, without asking whether it exists.
func (d *Directory) LoadBalancer(nameOrARN string) *LoadBalancer {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := loadBalancerRef(nameOrARN)
	lb := d.loadBalancers[r.name]
	if lb == nil {
		lb = &LoadBalancer{api: d.api, ref: r, source: d.source, window: d.window, directory: d}
		d.loadBalancers[r.name] = lb
	}
	return lb
}

// TargetGroup returns the target group of a name or ARN, always the same one, without asking whether it exists.
func (d *Directory) TargetGroup(nameOrARN string) *TargetGroup {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := targetGroupRef(nameOrARN)
	tg := d.targetGroups[r.name]
	if tg == nil {
		tg = NewTargetGroup(d.api, nameOrARN, d.source, d.window)
		tg.directory = d
		d.targetGroups[r.name] = tg
	}
	return tg
}

// LoadBalancers lists the load balancers of the account and region, born described, by name. Classic Load Balancers are
// not among them. What was read before an error is returned with it.
func (d *Directory) LoadBalancers(ctx context.Context) ([]*LoadBalancer, error) {
	var found []*LoadBalancer
	pages := elbv2.NewDescribeLoadBalancersPaginator(d.api, &elbv2.DescribeLoadBalancersInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return found, fmt.Errorf("listing load balancers: %w", err)
		}
		for _, described := range page.LoadBalancers {
			lb := d.LoadBalancer(cmp.Or(aws.ToString(described.LoadBalancerArn), aws.ToString(described.LoadBalancerName)))
			lb.described.Set(&described)
			found = append(found, lb)
		}
	}
	slices.SortFunc(found, func(a, b *LoadBalancer) int { return cmp.Compare(a.ref.name, b.ref.name) })
	return found, nil
}

// TargetGroups lists the target groups of the account and region, born described, by name. What was read before an
// error is returned with it.
func (d *Directory) TargetGroups(ctx context.Context) ([]*TargetGroup, error) {
	groups, err := listTargetGroups(ctx, d.api, &elbv2.DescribeTargetGroupsInput{})
	if err != nil {
		err = fmt.Errorf("listing target groups: %w", err)
	}
	return d.adopt(groups), err
}

// adopt returns the subjects of described target groups, by name.
func (d *Directory) adopt(groups []types.TargetGroup) []*TargetGroup {
	var adopted []*TargetGroup
	for _, described := range groups {
		tg := d.TargetGroup(cmp.Or(aws.ToString(described.TargetGroupArn), aws.ToString(described.TargetGroupName)))
		tg.described.Set(&described)
		adopted = append(adopted, tg)
	}
	slices.SortFunc(adopted, func(a, b *TargetGroup) int { return cmp.Compare(a.ref.name, b.ref.name) })
	return adopted
}

func listTargetGroups(
	ctx context.Context, api TargetGroupAPI, in *elbv2.DescribeTargetGroupsInput,
) ([]types.TargetGroup, error) {
	var groups []types.TargetGroup
	pages := elbv2.NewDescribeTargetGroupsPaginator(api, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return groups, err
		}
		groups = append(groups, page.TargetGroups...)
	}
	return groups, nil
}

package scaling

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/awsdiag/awsdiag/diag"
)

// PolicyAPI is what a [Drive] reads from.
type PolicyAPI interface {
	applicationautoscaling.DescribeScalingPoliciesAPIClient
}

var _ PolicyAPI = (*applicationautoscaling.Client)(nil)

// Need is what a [Drive] has to know from elsewhere.
type Need struct {
	// Short reports whether what is scaled is short of capacity now: only then its policies are asked for.
	Short func(ctx context.Context) (bool, error)
	// Count is how many there are to be now.
	Count func(ctx context.Context) (int32, error)
	// Acting returns which of the alarms named exist and act on something.
	Acting func(ctx context.Context, names []string) (map[string]bool, error)
}

// Drive is what is to make a target grow: its scaling policies and their alarms.
type Drive struct {
	*Target
	api      PolicyAPI
	need     Need
	policies diag.Memo[[]types.ScalingPolicy]
}

var _ diag.Subject = (*Drive)(nil)

// NewDrive makes the drive of a target.
func NewDrive(target *Target, api PolicyAPI, need Need) *Drive {
	return &Drive{Target: target, api: api, need: need}
}

// Policies returns the scaling policies of the target, in AWS's order.
func (d *Drive) Policies(ctx context.Context) ([]types.ScalingPolicy, error) {
	return d.policies.Get(ctx, func(ctx context.Context) ([]types.ScalingPolicy, error) {
		var all []types.ScalingPolicy
		pages := applicationautoscaling.NewDescribeScalingPoliciesPaginator(d.api,
			&applicationautoscaling.DescribeScalingPoliciesInput{ServiceNamespace: d.namespace, ResourceId: aws.String(d.id)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return all, fmt.Errorf("describing scaling policies of %s: %w", d.id, err)
			}
			all = append(all, page.ScalingPolicies...)
		}
		return all, nil
	})
}

// short returns the target while what it scales is short of capacity, and nil else. A resource that is no target is
// none.
func (d *Drive) short(ctx context.Context) (*types.ScalableTarget, error) {
	if short, err := d.need.Short(ctx); !short {
		return nil, err
	}
	target, err := d.Describe(ctx)
	return target, known(err)
}

package scaling

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/awsdiag/awsdiag/diag"
)

// TypeTarget is the CloudFormation type of a [Target].
const TypeTarget = "AWS::ApplicationAutoScaling::ScalableTarget"

// maxActivities bounds how many activities are read: a target that scales every minute makes 1,440 a day, and the
// newest come first.
const maxActivities = 200

// Target is a resource that Application Auto Scaling may change the capacity of. Make one with [NewTarget] or
// [NewServiceTarget].
type Target struct {
	api        TargetAPI
	namespace  types.ServiceNamespace
	id         string
	window     diag.Window
	described  diag.Memo[*types.ScalableTarget]
	activities diag.Memo[[]types.ScalingActivity]
}

var _ diag.Subject = (*Target)(nil)

// NewTarget makes a target from its namespace and resource id, such as "service/prod/api". The window's End is "now";
// activities before its Start are left aside.
func NewTarget(api TargetAPI, namespace types.ServiceNamespace, id string, window diag.Window) *Target {
	return &Target{api: api, namespace: namespace, id: id, window: window}
}

// NewServiceTarget makes the target that an ECS service is, if it is one.
func NewServiceTarget(api TargetAPI, cluster, service string, window diag.Window) *Target {
	return NewTarget(api, types.ServiceNamespaceEcs, ServiceID(cluster, service), window)
}

// ServiceID returns the resource id of an ECS service: "service/cluster/service".
func ServiceID(cluster, service string) string { return "service/" + cluster + "/" + service }

// Resource names the target by its resource id; the ARN is known once it was described.
func (t *Target) Resource() diag.Resource { return diag.Resource{Type: TypeTarget, ID: t.id} }

// Window returns what the target looks back on.
func (t *Target) Window() diag.Window { return t.window }

func (t *Target) resource(described *types.ScalableTarget) diag.Resource {
	return diag.ResourceOf(TypeTarget, t.id, aws.ToString(described.ScalableTargetARN))
}

// Describe returns the target with its bounds. A resource that is none is an error of [diag.KindNotFound].
func (t *Target) Describe(ctx context.Context) (*types.ScalableTarget, error) {
	return t.described.Get(ctx, func(ctx context.Context) (*types.ScalableTarget, error) {
		pages := applicationautoscaling.NewDescribeScalableTargetsPaginator(
			t.api,
			&applicationautoscaling.DescribeScalableTargetsInput{
				ServiceNamespace: t.namespace,
				ResourceIds:      []string{t.id},
			},
		)
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, fmt.Errorf("describing scalable target %s: %w", t.id, err)
			}
			if len(page.ScalableTargets) > 0 {
				return &page.ScalableTargets[0], nil
			}
		}
		return nil, diag.Errorf(
			diag.KindNotFound,
			"describing scalable target %s: it is not scaled automatically",
			t.id,
		)
	})
}

// Activities returns the scaling activities that began in the window, newest first, with those that were decided
// against. Of more than 200 the newest are returned, with an error of [diag.KindIncomplete]. A resource that is no
// target is an error of [diag.KindNotFound], and its activities are not asked for.
func (t *Target) Activities(ctx context.Context) ([]types.ScalingActivity, error) {
	return t.activities.Get(ctx, func(ctx context.Context) ([]types.ScalingActivity, error) {
		if _, err := t.Describe(ctx); diag.KindOf(err) == diag.KindNotFound {
			return nil, err
		}
		var all []types.ScalingActivity
		pages := applicationautoscaling.NewDescribeScalingActivitiesPaginator(t.api,
			&applicationautoscaling.DescribeScalingActivitiesInput{ServiceNamespace: t.namespace,
				ResourceId: aws.String(t.id), IncludeNotScaledActivities: aws.Bool(true)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return t.within(all), fmt.Errorf("describing scaling activities of %s: %w", t.id, err)
			}
			all = append(all, page.ScalingActivities...)
			if n := len(page.ScalingActivities); n > 0 && t.before(page.ScalingActivities[n-1]) {
				break // newest first: what follows is older still
			}
			if len(all) >= maxActivities && pages.HasMorePages() {
				return t.within(all), diag.Errorf(diag.KindIncomplete,
					"describing scaling activities of %s: only the newest %d were read", t.id, len(all))
			}
		}
		return t.within(all), nil
	})
}

func (t *Target) before(a types.ScalingActivity) bool {
	return a.StartTime != nil && a.StartTime.Before(t.window.Start)
}

func (t *Target) within(all []types.ScalingActivity) []types.ScalingActivity {
	all = slices.DeleteFunc(all, func(a types.ScalingActivity) bool {
		return a.StartTime == nil || t.before(a) || a.StartTime.After(t.window.End)
	})
	slices.SortStableFunc(all, func(a, b types.ScalingActivity) int { return -a.StartTime.Compare(*b.StartTime) })
	return all
}

// known hides the error that says that the resource is no target: nothing is wrong then.
func known(err error) error {
	if diag.KindOf(err) == diag.KindNotFound {
		return nil
	}
	return err
}

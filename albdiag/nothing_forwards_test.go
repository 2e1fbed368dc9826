package albdiag_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

// served is a service that registers in both target groups, of which those given are used by no listener.
func served(unused ...string) diagtest.World[*albdiag.Served] {
	return func() (*albdiag.Served, []diagfake.Fake) {
		w := newWorld()
		for _, arn := range unused {
			for i := range w.elb.TargetHealth[arn] {
				w.elb.TargetHealth[arn][i].TargetHealth = &types.TargetHealth{State: types.TargetHealthStateEnumUnused,
					Reason: types.TargetHealthReasonEnumNotInUse}
			}
		}
		d := albdiag.NewDirectory(w.elb, w.source(), window)
		of := diag.Resource{Type: "AWS::ECS::Service", ID: "prod/shop"}
		return albdiag.NewServed(of, func(context.Context) ([]*albdiag.TargetGroup, error) {
			return []*albdiag.TargetGroup{d.TargetGroup(apiARN), d.TargetGroup(webARN)}, nil
		}, func(context.Context) ([]diag.Resource, error) { return []diag.Resource{formerly}, nil }), []diagfake.Fake{w.elb}
	}
}

// formerly is the load balancer that may have served it.
var formerly = diag.Resource{Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", ID: "front"}

// TestFormerBalancer: the load balancer that may have sent requests is led to only where none are sent.
func TestFormerBalancer(t *testing.T) {
	for _, tt := range []struct {
		unused []string
		want   int
	}{{nil, 0}, {[]string{webARN}, 0}, {[]string{apiARN, webARN}, 1}} {
		s, _ := served(tt.unused...)()
		links, err := albdiag.ServedSurvey.Links(t.Context(), s)
		require.NoError(t, err)
		require.Len(t, links, tt.want)
		for _, l := range links {
			assert.Equal(t, diag.Link{From: s.Resource(), To: formerly, Role: "may have got its requests from"}, l)
		}
	}
}

func TestNothingForwards(t *testing.T) {
	for _, tt := range []struct {
		name   string
		unused []string
		want   []diag.Code
	}{
		{"both used", nil, nil},
		{"one is the idle side", []string{webARN}, nil},
		{"neither used", []string{apiARN, webARN}, []diag.Code{"alb.nothing-forwards"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := served(tt.unused...)()
			diagtest.Want(t, diagtest.Run(t, s, albdiag.ServedChecks()...), tt.want...)
		})
	}
}

func TestServedConforms(t *testing.T) {
	diagtest.Conform(t, albdiag.NothingForwards,
		diagtest.Worlds[*albdiag.Served]{Healthy: served(), Broken: served(apiARN, webARN)})
}

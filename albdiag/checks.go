package albdiag

import (
	"slices"

	"github.com/awsdiag/awsdiag/diag"
)

// LoadBalancerChecks are all checks of a load balancer. Its certificates are subjects of their own: see
// [CertificateChecks] and [LoadBalancer.Certificates].
func LoadBalancerChecks() []*diag.Check[*LoadBalancer] {
	return slices.Concat(
		LoadBalancerStates(),
		RuleChecks(),
		[]*diag.Check[*LoadBalancer]{
			NoListeners,
			ZoneWithoutHealthyTargets, SlowResponses, CapacityUsedUp, OneZone,
		},
		HTTPErrors(), FlowErrors(),
	)
}

// RuleChecks ask where the rules of the listeners of a load balancer send requests.
func RuleChecks() []*diag.Check[*LoadBalancer] {
	return []*diag.Check[*LoadBalancer]{
		RuleForwardsToEmptyGroup, RuleWithoutWeight, FixedErrorResponse, RuleShadowed, RedirectLoop, RedirectToNoListener,
		FewerSuccesses,
	}
}

// TargetGroupChecks are all checks of a target group.
func TargetGroupChecks() []*diag.Check[*TargetGroup] {
	return slices.Concat(
		TargetTroubles(),
		[]*diag.Check[*TargetGroup]{NoHealthyTargets, NoRegisteredTargets, TooFewHealthyTargets, TargetsWereUnhealthy,
			TargetAnomalous, ZonalShift, TargetsInOneZone, TargetBalancerWithoutListener},
		HealthCheckSettings(),
	)
}

// OutageChecks ask why a load balancer is not reached, where it is known that somebody tries.
func OutageChecks() []*diag.Check[*LoadBalancer] {
	return []*diag.Check[*LoadBalancer]{RequestsStopped}
}

package albdiag_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/albdiag/albfake"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// loadBalancers are the worlds of a check of load balancers: the healthy one, and it spoiled.
func loadBalancers(spoil func(*world)) diagtest.Worlds[*albdiag.LoadBalancer] {
	at := func(spoil func(*world)) diagtest.World[*albdiag.LoadBalancer] {
		return func() (*albdiag.LoadBalancer, []diagfake.Fake) {
			w := newWorld()
			spoil(w)
			return w.loadBalancer(), []diagfake.Fake{w.elb, w.cw}
		}
	}
	return diagtest.Worlds[*albdiag.LoadBalancer]{Healthy: at(func(*world) {}), Broken: at(spoil)}
}

func targetGroups(spoil func(*world)) diagtest.Worlds[*albdiag.TargetGroup] {
	return groupsOf(spoil, (*world).targetGroup)
}

// groupsOf are the worlds of a check of target groups, each made by a function.
func groupsOf(spoil func(*world), group func(*world) *albdiag.TargetGroup) diagtest.Worlds[*albdiag.TargetGroup] {
	at := func(spoil func(*world)) diagtest.World[*albdiag.TargetGroup] {
		return func() (*albdiag.TargetGroup, []diagfake.Fake) {
			w := newWorld()
			spoil(w)
			return group(w), []diagfake.Fake{w.elb, w.cw}
		}
	}
	return diagtest.Worlds[*albdiag.TargetGroup]{Healthy: at(func(*world) {}), Broken: at(spoil)}
}

// brokenLoadBalancers say for each check of load balancers how to spoil the world.
var brokenLoadBalancers = map[diag.Code]func(*world){
	"alb.load-balancer-failed":       state(types.LoadBalancerStateEnumFailed),
	"alb.load-balancer-provisioning": state(types.LoadBalancerStateEnumProvisioning),
	"alb.load-balancer-impaired":     state(types.LoadBalancerStateEnumActiveImpaired),
	"alb.no-listeners":               func(w *world) { w.elb.Listeners = nil },
	"alb.rule-forwards-to-empty-group": func(w *world) {
		w.elb.TargetHealth[apiARN] = nil
		w.counts("HTTPCode_ELB_503_Count", 40, 50, 60)
	},
	"alb.rule-weights-zero": func(w *world) {
		w.rules()[0].Actions[0].ForwardConfig.TargetGroups[0].Weight = aws.Int32(0)
	},
	"alb.fixed-error-response": func(w *world) {
		w.addRule(5, types.Action{Type: types.ActionTypeEnumFixedResponse,
			FixedResponseConfig: &types.FixedResponseActionConfig{StatusCode: aws.String("503")}}, "/v1/*")
		w.counts("HTTPCode_ELB_503_Count", 400, 500, 600)
	},
	"alb.rule-shadowed":           func(w *world) { w.addRule(20, albfake.Forward(webARN), "/api/*") },
	"alb.redirect-to-no-listener": func(w *world) { w.elb.Listeners = w.elb.Listeners[:1] },
	"alb.redirect-loop": func(w *world) {
		w.elb.Listeners[0].DefaultActions[0].RedirectConfig.Protocol = aws.String("HTTP")
		w.elb.Listeners[0].DefaultActions[0].RedirectConfig.Port = aws.String("80")
	},
	"alb.zone-without-healthy-targets": func(w *world) {
		w.elb.LoadBalancerAttributes = map[string]map[string]string{lbARN: {"load_balancing.cross_zone.enabled": "false"}}
		w.elb.TargetHealth[apiARN] = w.elb.TargetHealth[apiARN][:1]
		for i := range w.elb.TargetHealth[webARN] { // as of instances
			w.elb.TargetHealth[webARN][i].Target.AvailabilityZone = nil
		}
	},
	"alb.slow-responses":           func(w *world) { w.times(4, 5, 4.5) },
	"alb.fewer-successes":          func(w *world) { w.successes(3000, 3000, 3000) },
	"alb.http-502":                 func(w *world) { errorsOf("HTTPCode_ELB_502_Count")(w); w.hosts(1, 1, 1) },
	"alb.http-503":                 errorsOf("HTTPCode_ELB_503_Count"),
	"alb.http-504":                 errorsOf("HTTPCode_ELB_504_Count"),
	"alb.http-500":                 errorsOf("HTTPCode_ELB_500_Count"),
	"alb.http-5xx-other":           errorsOf("HTTPCode_ELB_5XX_Count"),
	"alb.http-5xx-from-targets":    errorsOf("HTTPCode_Target_5XX_Count"),
	"alb.target-connection-errors": errorsOf("TargetConnectionErrorCount"),
	"alb.target-tls-errors":        errorsOf("TargetTLSNegotiationErrorCount"),
	"alb.connections-rejected":     errorsOf("RejectedConnectionCount"),
	"alb.client-tls-errors":        errorsOf("ClientTLSNegotiationErrorCount"),
	"alb.authentication-errors":    errorsOf("ELBAuthError"),
	"alb.http-4xx":                 errorsOf("HTTPCode_ELB_4XX_Count"),
	"alb.logins-denied":            errorsOf("ELBAuthFailure"),
	"alb.desync-requests":          errorsOf("DesyncMitigationMode_NonCompliant_Request_Count"),
	"alb.one-zone": func(w *world) {
		w.elb.LoadBalancers[0].AvailabilityZones = w.elb.LoadBalancers[0].AvailabilityZones[:1]
	},
	"alb.capacity-used-up": func(w *world) {
		w.set(metrics.LoadBalancerMetric(lbARN, "CapacityUtilization", "Maximum"), 20, 96, 100, 98)
	},
	"alb.target-resets":          flows("TCP_Target_Reset_Count"),
	"alb.load-balancer-resets":   flows("TCP_ELB_Reset_Count"),
	"alb.port-allocation-errors": flows("PortAllocationErrorCount"),
	"alb.flows-rejected":         flows("RejectedFlowCount"),
	"alb.flows-blocked":          flows("SecurityGroupBlockedFlowCount_Inbound_TCP"),
}

const netARN = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/shop/50dc6c495c0c9188"

// asNetwork makes the load balancer a Network Load Balancer.
func asNetwork(w *world) {
	w.elb.LoadBalancers[0].LoadBalancerArn, w.elb.LoadBalancers[0].Type = aws.String(netARN),
		types.LoadBalancerTypeEnumNetwork
	for i := range w.elb.Listeners {
		w.elb.Listeners[i].LoadBalancerArn = aws.String(netARN)
	}
	for i := range w.elb.TargetGroups {
		w.elb.TargetGroups[i].LoadBalancerArns = []string{netARN}
	}
	w.set(metrics.LoadBalancerMetric(netARN, "NewFlowCount", "Sum"), 3000)
}

func flows(metric string) func(*world) {
	return func(w *world) {
		asNetwork(w)
		w.set(metrics.LoadBalancerMetric(netARN, metric, "Sum"), 4, 1700, 1800, 2600)
	}
}

func state(code types.LoadBalancerStateEnum) func(*world) {
	return func(w *world) {
		w.elb.LoadBalancers[0].State = &types.LoadBalancerState{Code: code, Reason: aws.String("not enough addresses")}
	}
}

func errorsOf(metric string) func(*world) {
	return func(w *world) { w.counts(metric, 900, 950, 1000) }
}

// brokenTargetGroups say the same for checks of target groups.
var brokenTargetGroups = map[diag.Code]func(*world){
	"alb.target-response-code-mismatch": unhealthy(types.TargetHealthReasonEnumResponseCodeMismatch,
		"Health checks failed with these codes: [404]"),
	"alb.target-timeout":              unhealthy(types.TargetHealthReasonEnumTimeout, "Request timed out"),
	"alb.target-failed-health-checks": unhealthy(types.TargetHealthReasonEnumFailedHealthChecks, "Health checks failed"),
	"alb.internal-error": unhealthy(types.TargetHealthReasonEnumInternalError,
		"Health checks failed due to an internal error"),
	"alb.target-invalid-state": unused(types.TargetHealthReasonEnumInvalidState,
		"Target is in the stopped state"),
	"alb.target-in-unused-az": unused(types.TargetHealthReasonEnumNotInUse,
		"Target is in an Availability Zone that is not enabled for the load balancer"),
	"alb.target-ip-unusable": unused(types.TargetHealthReasonEnumIpUnusable,
		"The IP address cannot be used as a target, as it is in use by a load balancer"),
	"alb.target-group-not-in-use": unused(types.TargetHealthReasonEnumNotInUse,
		"Target group is not configured to receive traffic from the load balancer"),
	"alb.target-not-registered": unused(types.TargetHealthReasonEnumNotRegistered,
		"Target is not registered to the target group"),
	"alb.health-checks-disabled": health(types.TargetHealthStateEnumUnavailable,
		types.TargetHealthReasonEnumHealthCheckDisabled, "Health checks are disabled"),
	"alb.no-healthy-targets": func(w *world) {
		for i := range 2 {
			w.elb.Spoil("shop-api", i, types.TargetHealthStateEnumUnhealthy, types.TargetHealthReasonEnumTimeout,
				"Request timed out")
		}
	},
	"alb.no-registered-targets":         func(w *world) { w.elb.TargetHealth[apiARN] = nil; w.counts("HTTPCode_ELB_503_Count", 40) },
	"alb.too-few-healthy-targets":       tooFew,
	"alb.targets-were-unhealthy":        func(w *world) { w.hosts(0, 0, 2); w.unhealthyHosts(2, 2, 0) },
	"alb.health-check-path-invalid":     func(w *world) { w.group().HealthCheckPath = aws.String("healthz") },
	"alb.health-check-timeout-too-long": func(w *world) { w.group().HealthCheckTimeoutSeconds = aws.Int32(30) },
	"alb.health-check-matcher-odd":      func(w *world) { w.group().Matcher.HttpCode = aws.String("200-499") },
	"alb.health-check-slow":             func(w *world) { w.group().UnhealthyThresholdCount = aws.Int32(10) },
	"alb.health-check-hasty": func(w *world) {
		w.group().HealthCheckIntervalSeconds, w.group().HealthCheckTimeoutSeconds = aws.Int32(5), aws.Int32(2)
	},
	"alb.target-anomalous": func(w *world) {
		w.elb.TargetHealth[apiARN][0].AnomalyDetection = &types.AnomalyDetection{Result: types.AnomalyResultEnumAnomalous}
	},
	"alb.zonal-shift": func(w *world) {
		w.elb.TargetHealth[apiARN][0].AdministrativeOverride = &types.AdministrativeOverride{
			State: types.TargetAdministrativeOverrideStateEnumZonalShiftActive}
	},
	"alb.targets-in-one-zone": func(w *world) {
		w.elb.TargetHealth[apiARN][1].Target.AvailabilityZone = aws.String("eu-west-1a")
	},
	"alb.health-check-port-override":       func(w *world) { w.group().HealthCheckPort = aws.String("9000") },
	"alb.target-balancer-without-listener": balancerAsTarget(8443),
}

// balancerAsTarget has the group send to the load balancer itself, on a port.
func balancerAsTarget(port int32) func(*world) {
	return func(w *world) {
		w.group().TargetType = types.TargetTypeEnumAlb
		w.elb.TargetHealth[apiARN] = []types.TargetHealthDescription{
			{Target: &types.TargetDescription{Id: aws.String(lbARN), Port: aws.Int32(port)},
				TargetHealth: &types.TargetHealth{State: types.TargetHealthStateEnumUnhealthy,
					Reason: types.TargetHealthReasonEnumFailedHealthChecks}}}
	}
}

func health(s types.TargetHealthStateEnum, reason types.TargetHealthReasonEnum, description string) func(*world) {
	return func(w *world) { w.elb.Spoil("shop-api", 0, s, reason, description) }
}

func unhealthy(reason types.TargetHealthReasonEnum, description string) func(*world) {
	return health(types.TargetHealthStateEnumUnhealthy, reason, description)
}

func unused(reason types.TargetHealthReasonEnum, description string) func(*world) {
	return health(types.TargetHealthStateEnumUnused, reason, description)
}

func tooFew(w *world) {
	unhealthy(types.TargetHealthReasonEnumTimeout, "Request timed out")(w)
	w.elb.TargetGroupAttributes = map[string]map[string]string{
		apiARN: {"target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "2"},
	}
}

// beside are the checks of target groups that look at the load balancer, too: their group is one of a directory.
var beside = map[diag.Code]func(*world) *albdiag.TargetGroup{
	"alb.target-anomalous": (*world).groupInDirectory, "alb.targets-in-one-zone": (*world).groupInDirectory,
	"alb.target-balancer-without-listener": func(w *world) *albdiag.TargetGroup {
		d := albdiag.NewDirectory(w.elb, w.source(), window)
		d.LoadBalancer("shop") // known by its name, so that it must be described
		return d.TargetGroup("shop-api")
	}}

func TestConform(t *testing.T) {
	for _, check := range albdiag.LoadBalancerChecks() {
		spoil, ok := brokenLoadBalancers[check.Code]
		require.True(t, ok, "no broken world for %s", check.Code)
		diagtest.Conform(t, check, loadBalancers(spoil))
	}
	for _, check := range albdiag.TargetGroupChecks() {
		spoil, ok := brokenTargetGroups[check.Code]
		require.True(t, ok, "no broken world for %s", check.Code)
		worlds := targetGroups(spoil)
		if group := beside[check.Code]; group != nil {
			worlds = groupsOf(spoil, group)
		}
		diagtest.Conform(t, check, worlds)
	}
}

func TestReadOnly(t *testing.T) {
	diagtest.ReadOnly[albdiag.LoadBalancerAPI](t)
	diagtest.ReadOnly[albdiag.TargetGroupAPI](t)
}

func TestCatalogue(t *testing.T) {
	var infos []diag.Info
	for _, c := range albdiag.LoadBalancerChecks() {
		infos = append(infos, c.Info)
	}
	for _, c := range albdiag.TargetGroupChecks() {
		infos = append(infos, c.Info)
	}
	assert.NoError(t, diag.Validate(infos...))
	for _, info := range infos {
		assert.NotEmpty(t, info.Source, info.Code)
	}
}

func TestHealthyWorldIsSilent(t *testing.T) {
	w := newWorld()
	report := diag.Run(t.Context(), w.all())
	assert.Empty(t, report.Findings)
	assert.NoError(t, report.Err())
}

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
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

func balancerAttribute(key, value string) func(*world) {
	return func(w *world) { w.elb.LoadBalancerAttributes = map[string]map[string]string{lbARN: {key: value}} }
}

func TestConformLoadBalancerAttributes(t *testing.T) {
	broken := map[diag.Code]func(*world){
		"alb.access-logs-off":         balancerAttribute("access_logs.s3.enabled", "false"),
		"alb.invalid-headers-dropped": balancerAttribute("routing.http.drop_invalid_header_fields.enabled", "true"),
		"alb.desync-strictest":        balancerAttribute("routing.http.desync_mitigation_mode", "strictest"),
	}
	for _, check := range albdiag.LoadBalancerAttributeChecks() {
		spoil, ok := broken[check.Code]
		require.True(t, ok, check.Code)
		worlds := loadBalancers(spoil)
		worlds.Healthy = loadBalancers(balancerAttribute("access_logs.s3.enabled", "true")).Broken
		diagtest.Conform(t, check, worlds)
	}
}

func TestCapacityUsedUp(t *testing.T) {
	tests := []struct {
		name string
		last []float64
		says string
	}{
		{"for a quarter of an hour", []float64{96, 100, 98},
			"load balancer shop uses up to 100 % of its capacity since 14:20"},
		{"a rush", []float64{100, 100}, ""},
		{"a rush that is over", []float64{100, 100, 100, 100, 40, 30}, ""},
		{"busy", []float64{80, 85, 90, 90}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			w.set(metrics.LoadBalancerMetric(lbARN, "CapacityUtilization", "Maximum"), 20, tt.last...)
			report := diagtest.Run(t, w.loadBalancer(), albdiag.CapacityUsedUp)
			if tt.says == "" {
				diagtest.Want(t, report)
				return
			}
			f := diagtest.Only(t, report, "alb.capacity-used-up")
			assert.Equal(t, tt.says, f.Summary)
			assert.Equal(t, newest.Add(-2*5*60e9), f.Since)
		})
	}
}

func TestOneZone(t *testing.T) {
	w := newWorld()
	w.elb.LoadBalancers[0].AvailabilityZones = w.elb.LoadBalancers[0].AvailabilityZones[:1]
	f := diagtest.Only(t, diagtest.Run(t, w.loadBalancer(), albdiag.OneZone), "alb.one-zone")
	assert.Equal(t, "load balancer shop serves eu-west-1a only", f.Summary)
	assert.Equal(t, diag.SeverityInfo, f.Severity)
}

func TestTargetsInOneZone(t *testing.T) {
	zone := func(names ...string) func(*world) {
		return func(w *world) {
			w.elb.TargetHealth[apiARN] = nil
			for i, name := range names {
				target := albfake.Target("10.20.32."+string(rune('1'+i)), 3000, name)
				if name == "" {
					target.Target.AvailabilityZone = nil
				}
				w.elb.TargetHealth[apiARN] = append(w.elb.TargetHealth[apiARN], target)
			}
		}
	}
	tests := []struct {
		name  string
		spoil func(*world)
		says  string
	}{
		{"all in one", zone("eu-west-1b", "eu-west-1b", "eu-west-1b"),
			"all 3 healthy targets of shop-api are in eu-west-1b, of 2 zones that the load balancer serves"},
		{"in two", zone("eu-west-1b", "eu-west-1a"), ""},
		{"only one target", zone("eu-west-1b"), ""},
		{"zones that AWS does not tell", zone("", ""), ""},
		{"outside of the VPC", zone("all", "all"), ""},
		{"the load balancer serves one zone", func(w *world) {
			zone("eu-west-1a", "eu-west-1a")(w)
			w.elb.LoadBalancers[0].AvailabilityZones = w.elb.LoadBalancers[0].AvailabilityZones[:1]
		}, ""},
		{"the other is on its way out", func(w *world) {
			zone("eu-west-1a", "eu-west-1a", "eu-west-1b")(w)
			w.elb.Spoil("shop-api", 2, types.TargetHealthStateEnumDraining, types.TargetHealthReasonEnumDeregistrationInProgress,
				"")
		}, "all 2 healthy targets"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			tt.spoil(w)
			report := diagtest.Run(t, w.groupInDirectory(), albdiag.TargetsInOneZone)
			if tt.says == "" {
				diagtest.Want(t, report)
				return
			}
			assert.Contains(t, diagtest.Only(t, report, "alb.targets-in-one-zone").Summary, tt.says)
		})
	}
}

// TestTargetAnomalous: what the load balancer found is a warning while errors matter, and else worth knowing.
func TestTargetAnomalous(t *testing.T) {
	anomalous := func(w *world, mitigated types.MitigationInEffectEnum) {
		w.elb.TargetHealth[apiARN][0].AnomalyDetection = &types.AnomalyDetection{Result: types.AnomalyResultEnumAnomalous,
			MitigationInEffect: mitigated}
	}
	tests := []struct {
		name     string
		spoil    func(*world)
		says     string
		severity diag.Severity
	}{
		{"while nothing fails", func(w *world) { anomalous(w, types.MitigationInEffectEnumNo) },
			"1 target fails more than the others of shop-api, by the load balancer's anomaly detection: 10.20.32.116:3000",
			diag.SeverityInfo},
		{"while targets answer 5xx", func(w *world) {
			anomalous(w, types.MitigationInEffectEnumYes)
			w.counts("HTTPCode_Target_5XX_Count", 700, 800)
		}, "it gets fewer requests for it", diag.SeverityWarning},
		{"while connections break", func(w *world) {
			anomalous(w, types.MitigationInEffectEnumNo)
			w.counts("HTTPCode_ELB_502_Count", 700, 800)
		}, "1 target fails more", diag.SeverityWarning},
		{"errors that are over", func(w *world) {
			anomalous(w, types.MitigationInEffectEnumNo)
			w.counts("HTTPCode_ELB_502_Count", 700, 800, 0, 0, 0, 0)
		}, "1 target fails more", diag.SeverityInfo},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			tt.spoil(w)
			f := diagtest.Only(t, diagtest.Run(t, w.groupInDirectory(), albdiag.TargetAnomalous), "alb.target-anomalous")
			assert.Contains(t, f.Summary, tt.says)
			assert.Equal(t, tt.severity, f.Severity)
		})
	}
	w := newWorld()
	w.elb.TargetHealth[apiARN][0].AnomalyDetection = &types.AnomalyDetection{Result: types.AnomalyResultEnumNormal}
	diagtest.Want(t, diagtest.Run(t, w.groupInDirectory(), albdiag.TargetAnomalous))
}

// TestZonalShift covers every state of an override.
func TestZonalShift(t *testing.T) {
	shifted := map[types.TargetAdministrativeOverrideStateEnum]bool{
		types.TargetAdministrativeOverrideStateEnumZonalShiftActive:         true,
		types.TargetAdministrativeOverrideStateEnumZonalShiftDelegatedToDns: true,
		types.TargetAdministrativeOverrideStateEnumNoOverride:               false,
		types.TargetAdministrativeOverrideStateEnumUnknown:                  false,
	}
	for _, state := range types.TargetAdministrativeOverrideStateEnum("").Values() {
		want, known := shifted[state]
		require.True(t, known, "a new state: %s", state)
		w := newWorld()
		w.elb.TargetHealth[apiARN][1].AdministrativeOverride = &types.AdministrativeOverride{State: state,
			Description: aws.String("x")}
		report := diagtest.Run(t, w.targetGroup(), albdiag.ZonalShift)
		if !want {
			diagtest.Want(t, report)
			continue
		}
		assert.Equal(t, "1 target of shop-api: a zonal shift sends their requests to other zones (10.20.39.14:3000)",
			diagtest.Only(t, report, "alb.zonal-shift").Summary)
	}
}

// TestTargetBalancerWithoutListener: a load balancer that is a target must listen on the port it is registered with.
func TestTargetBalancerWithoutListener(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(*world)
		says  string
	}{
		{"on another port", balancerAsTarget(8443),
			"shop-api sends to load balancer shop on port 8443, where that has no listener (listens on HTTP:80, HTTPS:443 only)"},
		{"on none", func(w *world) { balancerAsTarget(443)(w); w.elb.Listeners = nil },
			"on port 443, where that has no listener (no listener at all)"},
		{"on this one", balancerAsTarget(443), ""},
		{"targets are addresses", func(w *world) { w.elb.Listeners = nil }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			tt.spoil(w)
			report := diagtest.Run(t, w.groupInDirectory(), albdiag.TargetBalancerWithoutListener)
			if tt.says == "" {
				diagtest.Want(t, report)
				return
			}
			f := diagtest.Only(t, report, "alb.target-balancer-without-listener")
			assert.Contains(t, f.Summary, tt.says)
			assert.Equal(t, lbARN, f.Related[0].Resource.ARN)
		})
	}
}

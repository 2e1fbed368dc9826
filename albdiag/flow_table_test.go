package albdiag_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/albdiag/albfake"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

func TestFlows(t *testing.T) {
	tests := []struct {
		name   string
		metric string
		usual  float64
		last   []float64
		want   diag.Code // empty for what is no trouble
		says   string
	}{
		{"targets reset", "TCP_Target_Reset_Count", 9, []float64{1500, 1600}, "alb.target-resets",
			"targets reset connections: 3100 of 6000 connections (52 %)"},
		{"some more resets", "TCP_Target_Reset_Count", 90, []float64{140, 160}, "", ""},
		{"many resets as ever", "TCP_Target_Reset_Count", 1500, []float64{1500, 1600}, "", ""},
		{"no port left", "PortAllocationErrorCount", 0, []float64{600, 900}, "alb.port-allocation-errors",
			"probably too many connections for so few targets"},
		{"one port error", "PortAllocationErrorCount", 0, []float64{1, 0}, "", ""},
		{"clients stopped", "SecurityGroupBlockedFlowCount_Inbound_TCP", 40, []float64{5000, 5100}, "alb.flows-blocked",
			"stopped connections"},
		{"scanners stopped", "SecurityGroupBlockedFlowCount_Inbound_TCP", 40, []float64{900, 40}, "", ""},
		{"rejected", "RejectedFlowCount", 0, []float64{900, 1000}, "alb.flows-rejected", "rejected connections"},
		{"resets of the load balancer", "TCP_ELB_Reset_Count", 5, []float64{1900, 2000}, "alb.load-balancer-resets",
			"load balancer reset"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			asNetwork(w)
			w.set(metrics.LoadBalancerMetric(netARN, tt.metric, "Sum"), tt.usual, tt.last...)
			if tt.want == "" {
				diagtest.Want(t, w.look(t))
				return
			}
			assert.Contains(t, diagtest.Only(t, w.look(t), tt.want).Summary, tt.says)
		})
	}
}

// TestARuleThatWasReachedBefore: what a rule took before is missed by its target group.
func TestARuleThatWasReachedBefore(t *testing.T) {
	requests := metrics.TargetGroupMetric(lbARN, apiARN, "RequestCount", "Sum")
	tests := []struct {
		name     string
		last     []float64
		severity diag.Severity
	}{
		{"none any more", []float64{0, 0, 0}, diag.SeverityWarning},
		{"none in the newest period", []float64{6000, 6000, 0}, diag.SeverityInfo},
		{"as many as ever", []float64{6000}, diag.SeverityInfo},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			w.addRule(5, albfake.Forward(webARN), "*")
			w.set(requests, 6000, tt.last...)
			f := diagtest.Only(t, w.look(t), "alb.rule-shadowed")
			assert.Equal(t, tt.severity, f.Severity)
			assert.Equal(t, tt.severity == diag.SeverityWarning, f.Since.Equal(newest.Add(-10*time.Minute)))
		})
	}
}

// TestARuleThatTakesAShare: an earlier rule that leaves some requests to a later one is told of where none come.
func TestARuleThatTakesAShare(t *testing.T) {
	tests := []struct {
		name  string
		group string
		usual float64
		path  string
		last  []float64
		told  bool
	}{
		{"nothing left", apiARN, 6000, "/api/v1/*", []float64{0, 0, 0}, true},
		{"something left", apiARN, 6000, "/api/v1/*", []float64{40, 30, 50}, false},
		{"hardly used before", apiARN, 40, "/api/v1/*", []float64{0, 0, 0}, false},
		{"another path", apiARN, 6000, "/web/*", []float64{0, 0, 0}, false},
		{"nothing left to the default", webARN, 6000, "/*", []float64{0, 0, 0}, true},
		{"the default rests", webARN, 6000, "/x/*", []float64{0, 0, 0}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			taker := webARN
			if tt.group == webARN {
				taker = apiARN
			}
			w.addRule(5, albfake.Forward(taker), tt.path)
			w.set(metrics.TargetGroupMetric(lbARN, tt.group, "RequestCount", "Sum"), tt.usual, tt.last...)
			var severe []diag.Finding
			for _, f := range w.look(t).Findings {
				if f.Code == "alb.rule-shadowed" && f.Severity == diag.SeverityWarning {
					severe = append(severe, f)
				}
			}
			assert.Len(t, severe, map[bool]int{true: 1}[tt.told])
		})
	}
}

// TestZonesOfInstances: AWS does not tell where instances sit, but the metrics of each zone may.
func TestZonesOfInstances(t *testing.T) {
	tests := []struct {
		name  string
		zones map[string]float64
		want  []diag.Code
	}{
		{"one zone bare", map[string]float64{"eu-west-1a": 2, "eu-west-1b": 0},
			[]diag.Code{"alb.zone-without-healthy-targets"}},
		{"one zone unreported", map[string]float64{"eu-west-1a": 2}, []diag.Code{"alb.zone-without-healthy-targets"}},
		{"one each", map[string]float64{"eu-west-1a": 1, "eu-west-1b": 1}, nil},
		{"figures that do not add up", map[string]float64{"eu-west-1a": 1, "eu-west-1b": 0}, nil},
		{"no figures", nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			w.elb.TargetGroupAttributes = map[string]map[string]string{apiARN: {"load_balancing.cross_zone.enabled": "false"}}
			for i := range w.elb.TargetHealth[apiARN] {
				w.elb.TargetHealth[apiARN][i].Target.AvailabilityZone = nil
				w.elb.TargetHealth[apiARN][i].Target.Id = aws.String("i-0a" + string(rune('0'+i)))
			}
			for zone, n := range tt.zones {
				w.set(metrics.TargetGroupZoneMetric(lbARN, apiARN, zone, "HealthyHostCount", "Minimum"), n)
			}
			diagtest.Want(t, w.look(t), tt.want...)
		})
	}
}

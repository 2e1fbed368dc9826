package albdiag

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// Target is one registered target.
type Target struct {
	// ID is an instance id, an IP address, or the ARN of a Lambda function or load balancer, as the group's type has it.
	ID string
	// Port is the port that requests go to, zero for a Lambda function. HealthPort is that of health checks.
	Port, HealthPort int
	// Zone is the Availability Zone: a name, "all" for an address outside the VPC, or empty.
	Zone string
	// State, Reason and Description are its health as AWS tells it; the last two are empty when healthy.
	State       types.TargetHealthStateEnum
	Reason      types.TargetHealthReasonEnum
	Description string
	// Anomalous reports that the load balancer found it to fail more than the others, Mitigated that it gets fewer
	// requests for that. Override is what an administrator made of it, such as a zonal shift; empty if AWS does not
	// tell.
	Anomalous, Mitigated bool
	Override             types.TargetAdministrativeOverrideStateEnum
}

// Targets returns the registered targets in the order in which AWS lists them.
func (tg *TargetGroup) Targets(ctx context.Context) ([]Target, error) {
	health, err := tg.Health(ctx)
	targets := make([]Target, len(health))
	for i, h := range health {
		targets[i] = targetOf(h)
	}
	return targets, err
}

func targetOf(d types.TargetHealthDescription) Target {
	var t Target
	if d.Target != nil {
		t.ID, t.Zone = aws.ToString(d.Target.Id), aws.ToString(d.Target.AvailabilityZone)
		t.Port = int(aws.ToInt32(d.Target.Port))
	}
	t.HealthPort = t.Port
	if port, err := strconv.Atoi(aws.ToString(d.HealthCheckPort)); err == nil {
		t.HealthPort = port
	}
	if h := d.TargetHealth; h != nil {
		t.State, t.Reason, t.Description = h.State, h.Reason, aws.ToString(h.Description)
	}
	if a := d.AnomalyDetection; a != nil {
		t.Anomalous = a.Result == types.AnomalyResultEnumAnomalous
		t.Mitigated = a.MitigationInEffect == types.MitigationInEffectEnumYes
	}
	if o := d.AdministrativeOverride; o != nil {
		t.Override = o.State
	}
	return t
}

// String names the target as "10.0.1.17:8080".
func (t Target) String() string {
	switch {
	case t.ID == "":
		return "a target without an id"
	case t.Port == 0:
		return t.ID
	case strings.Contains(t.ID, ":") && !strings.HasPrefix(t.ID, "arn:"):
		return fmt.Sprintf("[%s]:%d", t.ID, t.Port)
	}
	return fmt.Sprintf("%s:%d", t.ID, t.Port)
}

// Serving reports a target that is healthy, or would get requests because nobody checks it.
func (t Target) Serving() bool {
	return t.State == types.TargetHealthStateEnumHealthy || t.State == types.TargetHealthStateEnumUnavailable
}

// Leaving reports a target that is being deregistered.
func (t Target) Leaving() bool {
	return t.State == types.TargetHealthStateEnumDraining || t.State == types.TargetHealthStateEnumUnhealthyDraining
}

// Failing reports a target that does not pass its health checks. Targets that are new, on their way out or unused fail
// nothing.
func (t Target) Failing() bool { return t.State == types.TargetHealthStateEnumUnhealthy }

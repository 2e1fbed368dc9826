package ecsdiag

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// The defaults of a container health check ("HealthCheck" in the Amazon ECS API reference).
const (
	defaultInterval = 30
	defaultTimeout  = 5
	defaultRetries  = 3
)

// healthCheckText writes a container health check in one line.
func healthCheckText(h *types.HealthCheck) string {
	return fmt.Sprintf("%s every %d s, timeout %d s, %d retries, start period %d s", strings.Join(h.Command, " "),
		or(h.Interval, defaultInterval), or(h.Timeout, defaultTimeout), or(h.Retries, defaultRetries),
		aws.ToInt32(h.StartPeriod))
}

func or(v *int32, standard int32) int32 {
	if v == nil {
		return standard
	}
	return *v
}

// patience is how long a container may fail its health check from its start before it counts as unhealthy.
func patience(h *types.HealthCheck) time.Duration {
	return time.Duration(aws.ToInt32(h.StartPeriod)+or(h.Retries, defaultRetries)*or(h.Interval,
		defaultInterval)) * time.Second
}

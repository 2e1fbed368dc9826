package triage

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestServiceNames(t *testing.T) {
	for _, tt := range []struct {
		variable, value string
		want            []string
	}{
		{"AWS_XRAY_TRACING_NAME", "shop", []string{"shop"}},
		{"OTEL_SERVICE_NAME", "shop-web", []string{"shop-web"}},
		{"OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=prod, service.name=shop", []string{"shop"}},
		{"OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=prod", nil},
		{"SERVICE_NAME", "shop", nil}, // anybody's
	} {
		assert.Equal(t, tt.want, serviceNames(tt.variable, tt.value), tt.variable+"="+tt.value)
	}
}

// TestHomes: AWS Health and the trail of global services are asked for where their partition has them.
func TestHomes(t *testing.T) {
	for region, want := range map[string][2]string{
		"eu-west-1":      {"us-east-1", "us-east-1"},
		"us-gov-east-1":  {"us-gov-west-1", "us-gov-west-1"},
		"cn-north-1":     {"cn-northwest-1", "cn-north-1"},
		"us-iso-east-1":  {"", "us-iso-east-1"},
		"eusc-de-east-1": {"", "eusc-de-east-1"},
	} {
		assert.Equal(t, want, [2]string{homeOfHealth(region), homeOfGlobals(region)}, region)
	}
}

package access

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestStepReplacesNoPolicy: PutRolePolicy replaces the inline policy of its name, with all that it allowed.
func TestStepReplacesNoPolicy(t *testing.T) {
	named := func(names ...string) verdict {
		var v verdict
		for _, n := range names {
			v.policies = append(v.policies, Policy{Name: n})
		}
		return v
	}
	assert.Equal(t, "read-secrets", named().unused("read-secrets"))
	assert.Equal(t, "read-secrets", named("base").unused("read-secrets"))
	assert.Equal(t, "read-secrets-2", named("base", "Read-Secrets").unused("read-secrets"), "names differ in more than case")
	assert.Equal(t, "read-secrets-3", named("read-secrets", "read-secrets-2").unused("read-secrets"))
}

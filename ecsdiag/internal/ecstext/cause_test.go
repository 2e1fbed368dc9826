package ecstext

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCauses(t *testing.T) {
	form := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	seen := map[Cause]bool{}
	for _, cause := range Causes() {
		assert.Regexp(t, form, string(cause))
		assert.False(t, seen[cause], "%s twice", cause)
		seen[cause] = true
		assert.Equal(t, cause == Unrecognised, cause.Kind() == 0, "kind of %s", cause)
	}
	assert.True(t, seen[Unrecognised])
}

// TestRulesGiveListedCauses walks the tree: each cause in it and behind an error name is one of Causes, and no
// condition is empty.
func TestRulesGiveListedCauses(t *testing.T) {
	listed := map[Cause]bool{"": true}
	for _, cause := range Causes() {
		listed[cause] = true
	}
	var walk func(rules []rule)
	walk = func(rules []rule) {
		for _, r := range rules {
			assert.True(t, listed[r.cause], "%s", r.cause)
			assert.True(t, r.cause != "" || len(r.more) > 0)
			assert.NotEmpty(t, r.when)
			for _, alternatives := range append(r.when[:len(r.when):len(r.when)], r.not) {
				assert.NotRegexp(t, `\|\||^\||\|$|[A-Z]`, alternatives)
			}
			walk(r.more)
		}
	}
	walk(tree)
	for _, named := range namedErrors {
		assert.True(t, listed[named.cause], "%s", named.name)
	}
}

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       Kind
	}{
		{"steady", "(service web) has reached a steady state.", Harmless},
		{"scale-in", "Scaling activity initiated by (deployment ecs-svc/1)", Harmless},
		{"asked", "Task stopped by user", Harmless},
		{"completed", "ECS deployment ecs-svc/1 completed.", Harmless},
		{"in progress", "ECS deployment ecs-svc/1 in progress.", Progress},
		{"draining", "(service web) has begun draining connections on 1 tasks.", Progress},
		{"failed", "(service web) deployment failed: tasks failed to start.", Trouble},
		{"new", "who knows", 0},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, ServiceEvent(c.text).Kind) })
	}
	assert.Equal(t, "unknown harmless progress trouble",
		Kind(0).String()+" "+Harmless.String()+" "+Progress.String()+" "+Trouble.String())
}

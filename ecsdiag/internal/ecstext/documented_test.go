package ecstext

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// said is one wording of a documented message, with names of our own.
type said struct {
	kind, name string
	want       Cause
	text       string
}

// documented reads testdata/documented.tsv: kind, name, cause, text. The kinds are stopped, container, event and
// rollout; kind service is an event without the service in front, which is written in several ways.
func documented(t testing.TB) []said {
	t.Helper()
	raw, err := os.ReadFile("testdata/documented.tsv")
	require.NoError(t, err)
	var all []said
	for line := range strings.Lines(string(raw)) {
		columns := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 4)
		require.Len(t, columns, 4, line)
		all = append(all, said{columns[0], columns[1], Cause(columns[2]), columns[3]})
	}
	return all
}

var readerOf = map[string]func(string) Match{
	"stopped": StoppedReason, "container": ContainerReason, "event": ServiceEvent, "service": ServiceEvent,
	"rollout": RolloutReason,
}

var servicePrefixes = map[string]string{
	"brackets around all":  "(service web-Service-1A) ",
	"brackets around name": "service (web) ",
	"bare":                 "service web ",
	"misleading name":      "(service steady-timeout-alarm) ",
	"error as name":        "(service CannotPullContainerError) ",
	"prefixed and wrapped": "2024-05-01T10:00:00Z INFO\n#  (service web) ",
}

func TestDocumented(t *testing.T) {
	for _, s := range documented(t) {
		t.Run(s.kind+"/"+s.name, func(t *testing.T) {
			texts := map[string]string{"as it is": s.text, "shouted": strings.ToUpper(s.text), "wrapped": wrap(s.text),
				"padded": "\n  " + s.text + " \n"}
			if s.kind == "service" {
				for name, prefix := range servicePrefixes {
					texts[name] = prefix + s.text
				}
			}
			for name, text := range texts {
				got := readerOf[s.kind](text)
				assert.Equal(t, s.want, got.Cause, "%s: %s", name, text)
				assert.Equal(t, s.want.Kind(), got.Kind)
			}
		})
	}
}

// wrap breaks a text at every fourth blank as comments and terminals do.
func wrap(text string) string {
	words := strings.Split(text, " ")
	var b strings.Builder
	for i, word := range words {
		switch {
		case i == 0:
		case i%4 == 0:
			b.WriteString("\n  // ")
		default:
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	return b.String()
}

// TestSameCauseEverywhere shows that a text is read alike wherever it stands.
func TestSameCauseEverywhere(t *testing.T) {
	for _, s := range documented(t) {
		for kind, read := range readerOf {
			assert.Equal(t, s.want, read(s.text).Cause, "%s as %s", s.name, kind)
		}
	}
}

// TestEveryCauseIsSaid finds causes that no message leads to.
func TestEveryCauseIsSaid(t *testing.T) {
	all := documented(t)
	for _, cause := range Causes() {
		if cause == Unrecognised {
			continue
		}
		assert.True(t, slices.ContainsFunc(all, func(s said) bool { return s.want == cause }), "%s", cause)
	}
}

func TestUnrecognised(t *testing.T) {
	for _, text := range []string{
		"", " ", ":", "(((", "hello", "restarted by the deploy bot", "the agent of change", "SomeNewError: what",
		"(service web) has been photographed from all sides.", "service", "(service )", "$agent",
	} {
		got := ServiceEvent(text)
		assert.Equal(t, Unrecognised, got.Cause, "%q", text)
		assert.Zero(t, got.Kind, "%q", text)
	}
}

// TestNames shows that names are not read as reasons: tags, secrets, services and repositories may be called anything.
func TestNames(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       Cause
	}{
		{"tag 404", "CannotPullContainerError: denied: pull access denied for a.example/web:404", ImagePullDenied},
		{"repository called forbidden", "CannotPullContainerError: failed to resolve ref a.example/forbidden/x:1: not found",
			ImageNotFound},
		{"service called draining", "(service draining) has reached a steady state.", SteadyState},
		{"service called alarm", "(service alarm) (deployment ecs-svc/1) deployment completed.", DeploymentCompleted},
		{"secret called not-found", "unable to retrieve secret from asm: failed to fetch secret " +
			"arn:aws:secretsmanager:eu-west-1:" +
			"210987654321:secret:invalid-character-x from secrets manager: context deadline exceeded", SecretNetwork},
		{"target group called timeout", "Task failed ELB health checks in (target-group " +
			"arn:aws:elasticloadbalancing:eu-west-1:" +
			"210987654321:targetgroup/container-health-check/aa)", ELBHealthCheckFailed},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, StoppedReason(c.text).Cause) })
	}
}

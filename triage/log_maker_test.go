package triage_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/triage"
)

// A group that the driver makes when a task first writes is not missed before; any other is.
func TestLogGroupsThatTheDriverMakesAreNotMissed(t *testing.T) {
	for _, test := range []struct {
		create string
		missed bool
	}{{"true", false}, {"false", true}, {"", true}} {
		report := variation{kind: triage.TasksStopping, target: "site", spoil: func(w *world) {
			options := w.definition(*w.service("site").TaskDefinition).ContainerDefinitions[0].LogConfiguration.Options
			options["awslogs-group"] = "/ecs/not-yet"
			if test.create != "" {
				options["awslogs-create-group"] = test.create
			}
		}}.run(t)
		assert.Equal(t, test.missed, slices.ContainsFunc(report.Findings, func(f diag.Finding) bool {
			return f.Code == "logs.group-missing"
		}), "awslogs-create-group %q", test.create)
	}
}

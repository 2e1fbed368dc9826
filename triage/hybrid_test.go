package triage_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/ssmdiag/ssmfake"
	"github.com/awsdiag/awsdiag/triage"
)

// TestHybridNode: a machine elsewhere, which Systems Manager manages, is asked about by its id.
func TestHybridNode(t *testing.T) {
	const id = "mi-0a1b2c3d4e5f60718"
	for _, tt := range []struct {
		name, target string
		lost         bool
	}{
		{"lost", id, true},
		{"lost, by its ARN", "arn:aws:ssm:eu-south-1:" + booking + ":managed-instance/" + id, true},
		{"connected", id, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			node := ssmfake.Node(id)
			node.ResourceType = types.ResourceTypeManagedInstance
			node.LastPingDateTime = aws.Time(w.now.Add(-2 * time.Minute))
			if tt.lost {
				node.PingStatus, node.LastPingDateTime = types.PingStatusConnectionLost, aws.Time(w.ago(3*time.Hour))
			}
			w.SSM.Nodes = append(w.SSM.Nodes, node)
			report, err := triage.Investigate(t.Context(), []triage.Scope{w.Scope()},
				triage.Symptom{Kind: triage.SSMUnreachable, Target: tt.target}, triage.Options{Now: w.now})
			require.NoError(t, err)
			roots := report.Roots()
			if !tt.lost {
				assert.Empty(t, told(roots))
				return
			}
			require.NotEmpty(t, roots)
			assert.Equal(t, id, roots[0].Resource.ID)
			assert.Equal(t, "AWS::SSM::ManagedInstance", roots[0].Resource.Type)
			assert.EqualValues(t, "ssm.node-connection-lost", roots[0].Code)
		})
	}
}

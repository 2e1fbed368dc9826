package triage_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/triage"
)

// walked diagnoses a world from its quotes service, and returns the calls of an action besides.
func walked(t *testing.T, w *world, kind triage.SymptomKind, action string) (*diag.Report, int) {
	s := w.service("quotes")
	report, err := triage.Investigate(t.Context(), []triage.Scope{w.Scope()}, triage.Symptom{Kind: kind,
		Target: short(*s.ClusterArn) + "/" + *s.ServiceName, TargetType: targetService,
		Since: w.ago(30 * time.Minute).Truncate(time.Minute)}, triage.Options{Now: w.now})
	require.NoError(t, err)
	calls := 0
	for _, c := range w.Calls() {
		if c.Action == action {
			calls++
		}
	}
	return report, calls
}

func codes(report *diag.Report, code diag.Code) []diag.Finding {
	var found []diag.Finding
	for _, f := range report.Findings {
		if f.Code == code {
			found = append(found, f)
		}
	}
	return found
}

// wants gives the containers of the quotes service one more parameter or secret.
func wants(from string) func(*types.TaskDefinition) {
	return func(td *types.TaskDefinition) {
		c := &td.ContainerDefinitions[0]
		c.Secrets = append(c.Secrets, types.Secret{Name: aws.String("PARTNER_KEY"), ValueFrom: aws.String(from)})
	}
}

const (
	partnerARN = "arn:aws:ssm:eu-south-1:628905137462:parameter/booking/prod/partner-key"
	partner    = "/booking/prod/partner-key"
)

// TestParametersAreAskedForWhereTheyFail: one call tells which parameter does not exist, without reading a value.
func TestParametersAreAskedForWhereTheyFail(t *testing.T) {
	w := newWorld(t)
	w.release("quotes", 38*time.Minute, wants(partnerARN), 0, func(*world) fault {
		return neverStarted("ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval " +
			"failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: " +
			partner)
	})
	report, calls := walked(t, w, triage.DeploymentStuck, "ssm:DescribeParameters")
	found := codes(report, "ssm.parameter-missing")
	require.Len(t, found, 1)
	assert.Equal(t, partner, found[0].Resource.ID)
	assert.Equal(t, 1, calls, "for the parameter and for the keys of all that the service gets delivered")
	_, calls = walked(t, newWorld(t), triage.DeploymentStuck, "ssm:DescribeParameters")
	assert.Zero(t, calls, "where tasks get their parameters nobody asks")
}

// TestOtherPlacesAreNotJudged: a parameter of another Region or account may exist there.
func TestOtherPlacesAreNotJudged(t *testing.T) {
	for _, from := range []string{"arn:aws:ssm:us-east-1:628905137462:parameter/booking/prod/partner-key",
		"arn:aws:ssm:eu-south-1:999988887777:parameter/booking/prod/partner-key"} {
		w := newWorld(t)
		w.release("quotes", 38*time.Minute, wants(from), 0, func(*world) fault {
			return neverStarted("ResourceInitializationError: unable to pull secrets or registry auth: execution resource " +
				"retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm " +
				"parameters: " + partner)
		})
		report, _ := walked(t, w, triage.DeploymentStuck, "ssm:DescribeParameters")
		assert.Empty(t, codes(report, "ssm.parameter-missing"), from)
		other := codes(report, "ecs.definition-secret-other-region")
		assert.Equal(t, from[12:21] == "us-east-1", len(other) == 1, from)
	}
}

// TestOldSecretsAreTold: tasks go on with the value that they got at their start; to tell it is no alarm.
func TestOldSecretsAreTold(t *testing.T) {
	w := newWorld(t)
	require.NotEmpty(t, w.Secrets.Secrets)
	for i := range w.Secrets.Secrets {
		w.Secrets.Secrets[i].LastChangedDate = aws.Time(w.ago(20 * time.Minute))
	}
	report, _ := walked(t, w, triage.DBUnreachable, "")
	found := codes(report, "secrets.changed-after-start")
	require.NotEmpty(t, found)
	assert.Equal(t, diag.SeverityInfo, found[0].Severity)
	assert.Contains(t, found[0].Related[0].Resource.ID, "QuotesService")
	report, _ = walked(t, newWorld(t), triage.DBUnreachable, "")
	assert.Empty(t, codes(report, "secrets.changed-after-start"))
}

// TestPlatformsAreAskedForInDoubt: the manifest of an image is read where a task says that its platform is not in it.
func TestPlatformsAreAskedForInDoubt(t *testing.T) {
	w := newWorld(t)
	w.release("quotes", 38*time.Minute, nil, 0, func(*world) fault {
		return neverStarted("CannotPullContainerError: pull image manifest has been retried 1 time(s): image Manifest does not " +
			"contain descriptor matching platform 'linux/amd64'")
	})
	w.ECR.Manifests = map[string]string{}
	for i := range w.ECR.Images {
		image := &w.ECR.Images[i]
		image.ImageManifestMediaType = aws.String("application/vnd.oci.image.index.v1+json")
		w.ECR.Manifests[*image.ImageDigest] = `{"manifests":[{"platform":{"os":"linux","architecture":"arm64"}}]}`
	}
	report, calls := walked(t, w, triage.DeploymentStuck, "ecr:BatchGetImage")
	require.NotEmpty(t, codes(report, "images.platform-mismatch"))
	assert.Positive(t, calls)
	assert.NoError(t, report.Err())
	sound := newWorld(t)
	_, calls = walked(t, sound, triage.DeploymentStuck, "ecr:BatchGetImage")
	assert.Zero(t, calls)
}

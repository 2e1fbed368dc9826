package triage_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/triage"
)

func (w *world) from(target string) (*diag.Report, error) {
	return triage.Investigate(w.Context(), []triage.Scope{w.Scope()}, triage.Symptom{Kind: triage.Unknown, Target: target,
		Since: w.ago(30 * time.Minute)}, triage.Options{Now: w.now})
}

// TestFromAnyARN starts an investigation from things that no check looks at by themselves: what names them is broken.
func TestFromAnyARN(t *testing.T) {
	for _, test := range []struct {
		name   string
		target func(w *world) string
	}{
		{"execution role", func(w *world) string {
			return *w.definition(*w.service("quotes").TaskDefinition).ExecutionRoleArn
		}},
		{"repository", func(w *world) string {
			image := *w.definition(*w.service("quotes").TaskDefinition).ContainerDefinitions[0].Image
			_, path, _ := strings.Cut(image, ".amazonaws.com/")
			repository, _, _ := strings.Cut(path, ":")
			return "arn:aws:ecr:" + w.Region + ":" + w.ID + ":repository/" + repository
		}},
		{"security group by id", func(w *world) string {
			return w.service("quotes").NetworkConfiguration.AwsvpcConfiguration.SecurityGroups[0]
		}},
		{"security group by ARN", func(w *world) string {
			return "arn:aws:ec2:" + w.Region + ":" + w.ID + ":security-group/" +
				w.service("quotes").NetworkConfiguration.AwsvpcConfiguration.SecurityGroups[0]
		}},
		{"listener", func(w *world) string { return *w.ELB.Listeners[0].ListenerArn }},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			w.release("quotes", 38*time.Minute, nil, 4*time.Second, func(*world) fault { return exited(1, "") })
			w.inEach("quotes", 33*time.Second, "Error: Missing required environment variable: RATES_URL")
			report, err := w.from(test.target(w))
			require.NoError(t, err)
			require.NotEmpty(t, report.Roots(), "%s", report.Err())
			assert.Contains(t, lower(t, report.Roots()[0]), "rates_url", told(report.Roots()))
		})
	}
}

// TestSoundWorldFromAnyARN is silent, whatever it starts from.
func TestSoundWorldFromAnyARN(t *testing.T) {
	w := newWorld(t)
	report, err := w.from(w.service("quotes").NetworkConfiguration.AwsvpcConfiguration.Subnets[0])
	require.NoError(t, err)
	assert.Less(t, report.Worst(), diag.SeverityWarning, "%s", report)
	assert.NoError(t, report.Err())
}

func TestWhatNobodyNames(t *testing.T) {
	w := newWorld(t)
	report, err := w.from("arn:aws:dynamodb:" + w.Region + ":" + w.ID + ":table/thumbnails")
	require.NoError(t, err)
	assert.Equal(t, "AWS::Dynamodb::Table", report.Focus.Type)
	assert.ErrorContains(t, report.Err(), "names Dynamodb::Table thumbnails")
	_, err = w.from("arn:aws:quantum")
	assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
}

// TestSecretStartsWithWhoReadsIt goes by the name too: a task definition may leave out the suffix of the ARN.
func TestSecretStartsWithWhoReadsIt(t *testing.T) {
	w := newWorld(t)
	secret := "arn:aws:secretsmanager:" + w.Region + ":" + w.ID + ":secret:quotes/token"
	td := w.definition(*w.service("quotes").TaskDefinition)
	td.ContainerDefinitions[0].Secrets = append(td.ContainerDefinitions[0].Secrets, types.Secret{Name: aws.String("TOKEN"),
		ValueFrom: aws.String(secret)})
	report, err := w.from(secret + "-Ab12Cd")
	require.NoError(t, err)
	var users []string
	for _, l := range report.Links {
		if l.Role == "used by" && l.From.Type == "AWS::SecretsManager::Secret" {
			users = append(users, l.To.ID)
		}
	}
	require.Len(t, users, 1)
	assert.Contains(t, users[0], "QuotesService")
}

package session_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ssmdiag/session"
	"github.com/awsdiag/awsdiag/ssmdiag/session/sessiontest"
)

func TestNewNeedsAReason(t *testing.T) {
	for name, reason := range map[string]string{"none": "", "too long": strings.Repeat("ö", 257)} {
		_, err := session.New(nil, session.Options{Reason: reason})
		assert.ErrorIs(t, err, session.ErrReason, name)
		assert.Equal(t, diag.KindInvalid, diag.KindOf(err), name)
	}
	_, err := session.New(nil, session.Options{Reason: strings.Repeat("ö", 256)})
	assert.NoError(t, err)
}

func TestActionsAreThoseOfTheInterfaces(t *testing.T) {
	var called []string
	for service, api := range map[string]reflect.Type{
		"ssm:": reflect.TypeFor[session.API](), "kms:": reflect.TypeFor[session.KMSAPI]()} {
		for i := range api.NumMethod() {
			called = append(called, service+api.Method(i).Name)
		}
	}
	assert.ElementsMatch(t, called, session.Actions())
}

func TestErrors(t *testing.T) {
	const handshake = "Your session has been terminated for the following reasons: ----------ERROR------- " +
		"Encountered error while initiating handshake. "
	for _, tt := range []struct {
		name  string
		world sessiontest.World
		want  error
		kind  diag.Kind
	}{
		{"the target is not connected", sessiontest.World{}, session.ErrTargetNotConnected, diag.KindUnreachable},
		{"access is denied", sessiontest.World{Failures: map[string]sessiontest.Failure{"StartSession": {
			Code: "AccessDeniedException", Message: "User: x is not authorized to perform: ssm:StartSession"}}}, nil,
			diag.KindDenied},
		{"the document does not exist", sessiontest.World{Failures: map[string]sessiontest.Failure{"StartSession": {
			Code: "InvalidDocument", Message: "Document does not exist."}}}, nil, diag.KindInvalid},
		{"the caller may not use the key", sessiontest.World{Targets: map[string]sessiontest.Agent{node: {KMSKey: "alias/x"}},
			Failures: map[string]sessiontest.Failure{"GenerateDataKey": {Code: "AccessDeniedException", Message: "no"}}},
			session.ErrPreferences, diag.KindDenied},
		{"the agent may not use the key", worldOf(sessiontest.Agent{Refusal: handshake + "Fetching data key failed: Unable " +
			"to retrieve data key, Error when decrypting data key AccessDeniedException"}), session.ErrPreferences,
			diag.KindInvalid},
		{"the log group is missing", worldOf(sessiontest.Agent{Refusal: "We couldn't start the session because encryption " +
			"is not set up on the selected CloudWatch Logs log group."}), session.ErrPreferences, diag.KindInvalid},
		{"the bucket is not encrypted",
			worldOf(sessiontest.Agent{Refusal: "encryption is not set up on the selected Amazon " +
				"S3 bucket"}), session.ErrPreferences, diag.KindInvalid},
		{"the agent does not know the session's type", worldOf(sessiontest.Agent{Refusal: "Plugin with name " +
			"NonInteractiveCommands not found"}), session.ErrAgentTooOld, diag.KindInvalid},
		{"the session ends for another reason", worldOf(sessiontest.Agent{Refusal: "the worker crashed"}),
			session.ErrRefused, diag.KindUnreachable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			gateway, client, audit := open(t, tt.world)
			_, err := client.Run(t.Context(), node, session.Command{Line: "uptime"})
			require.Error(t, err)
			if tt.want != nil {
				assert.ErrorIs(t, err, tt.want)
			}
			assert.Equal(t, tt.kind, diag.KindOf(err), err)
			assert.Contains(t, audit.String(), "level=WARN")
			assert.Zero(t, gateway.Active(), "no session is left behind")
		})
	}
}

func TestTargetNotConnectedKeepsTheTypedError(t *testing.T) {
	_, client, _ := open(t, sessiontest.World{})
	_, err := client.Run(t.Context(), "i-gone", session.Command{})
	var away *types.TargetNotConnected
	require.ErrorAs(t, err, &away)
	assert.Contains(t, err.Error(), "i-gone")
}

func TestEncryptionNeedsKMS(t *testing.T) {
	gateway, _, _ := open(t, worldOf(sessiontest.Agent{KMSKey: "alias/x"}))
	client, err := session.New(gateway.SSM(), session.Options{Reason: "test"})
	require.NoError(t, err)
	_, err = client.Shell(t.Context(), node, session.Shell{})
	assert.ErrorIs(t, err, session.ErrPreferences)
	assert.ErrorContains(t, err, "alias/x")
}

func TestASilentAgentIsLeftWhenTheContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	gateway, _, _ := open(t, worldOf(sessiontest.Agent{Silent: true}))
	sign := func(ctx context.Context) (aws.Credentials, error) {
		time.AfterFunc(50*time.Millisecond, cancel) // the session is open: whenever this comes, it must be ended
		return gateway.Config().Credentials.Retrieve(ctx)
	}
	client, err := session.New(gateway.SSM(), session.Options{Reason: "test", Region: sessiontest.Region,
		Credentials: aws.CredentialsProviderFunc(sign)})
	require.NoError(t, err)
	_, err = client.Run(ctx, node, session.Command{Line: "uptime"})
	assert.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 1, gateway.Called("TerminateSession"))
}

func TestResumeThatIsRefusedEndsTheSession(t *testing.T) {
	for _, tt := range []struct {
		name string
		code string
		kind diag.Kind
	}{{"denied", "AccessDeniedException", diag.KindDenied}, {"gone", "DoesNotExistException", diag.KindNotFound}} {
		t.Run(tt.name, func(t *testing.T) {
			world := worldOf(sessiontest.Agent{})
			world.Failures = map[string]sessiontest.Failure{"ResumeSession": {Code: tt.code}}
			gateway, client, _ := open(t, world)
			shown, done := &screen{}, make(chan error, 1)
			ctx := t.Context()
			go func() {
				_, err := client.Shell(ctx, node, session.Shell{Out: shown})
				done <- err
			}()
			shown.wait(t, "$ ")
			gateway.Kick()
			err := <-done
			require.Error(t, err)
			assert.Equal(t, tt.kind, diag.KindOf(err), err)
			assert.Equal(t, 1, gateway.Called("ResumeSession"), "the SDK has tried again where it is of use")
		})
	}
}

func TestARunWhoseChannelCannotBeOpened(t *testing.T) {
	gateway, _, _ := open(t, worldOf(agent()))
	client, err := session.New(gateway.SSM(), session.Options{Reason: "test"})
	require.NoError(t, err)
	_, err = client.Exec(t.Context(), session.Stream{SessionID: "x", URL: "ws://127.0.0.1:1/x"},
		session.Shell{})
	assert.Equal(t, diag.KindUnreachable, diag.KindOf(err), err)
}

package session

import (
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/channel"
)

// Errors to ask for with errors.Is. diag.KindOf tells what a program can do about each.
var (
	// ErrReason: a session needs a reason. diag.KindInvalid.
	ErrReason = errors.New("a session needs a reason of 1 to 256 characters")
	// ErrTargetNotConnected: the agent of the target is not connected, or does not answer. diag.KindUnreachable.
	// The ManagedNode checks of package ssmdiag tell why.
	ErrTargetNotConnected = errors.New("target is not connected")
	// ErrPreferences: the session preferences ask for what cannot be had: a KMS key which the caller or the instance
	// profile may not use, a bucket or log group that is missing or not encrypted, a user to run as. diag.KindInvalid.
	ErrPreferences = errors.New("session preferences cannot be met")
	// ErrAgentTooOld: the agent lacks what was asked for. diag.KindInvalid.
	ErrAgentTooOld = errors.New("agent is too old")
	// ErrRefused: the session ended before it was ready, for a reason that this package does not know.
	// diag.KindUnreachable.
	ErrRefused = errors.New("session ended before it was ready")
	// ErrConnectFailed: the agent could not connect to the port. diag.KindUnreachable.
	ErrConnectFailed = errors.New("agent cannot connect to the port")
)

// startError names the error of StartSession.
func startError(target string, err error) error {
	var away *types.TargetNotConnected
	if errors.As(err, &away) {
		return diag.Errorf(diag.KindUnreachable, "starting a session on %s: %w: %w", target, ErrTargetNotConnected, err)
	}
	return fmt.Errorf("starting a session on %s: %w", target, err)
}

// refusals are marks in the text with which the service ends a session that could not begin. There is no code to go
// by. The forms are in "Troubleshooting Session Manager" (Systems Manager User Guide) and in the agent's sources
// (agent/session/plugins/sessionplugin, agent/session/datachannel).
var refusals = []struct {
	mark string // lower case
	is   error
}{
	{"data key", ErrPreferences},
	{"kms", ErrPreferences},
	{"initiating handshake", ErrPreferences},
	{"s3 bucket", ErrPreferences},
	{"bucket is not encrypted", ErrPreferences},
	{"log group", ErrPreferences},
	{"cloudwatch", ErrPreferences},
	{"runas", ErrPreferences},
	{"run as", ErrPreferences},
	{"plugin with name", ErrAgentTooOld},
	{"not supported by", ErrAgentTooOld},
}

// refused names the error of a session that ended before it was ready.
func refused(err error) error {
	var closed *channel.ClosedError
	if !errors.As(err, &closed) {
		return err
	}
	text := strings.ToLower(closed.Output)
	for _, r := range refusals {
		if strings.Contains(text, r.mark) {
			return diag.Errorf(diag.KindInvalid, "%w: %w", r.is, err)
		}
	}
	return diag.Errorf(diag.KindUnreachable, "%w: %w", ErrRefused, err)
}

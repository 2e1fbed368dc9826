package session

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/awsdiag/awsdiag/diag"
)

// Stream is a session that somebody else has opened, such as with ecs.ExecuteCommand: the members of its
// types.Session.
type Stream struct {
	SessionID string
	URL       string
	Token     string
	// Target is the session's target: an instance id, or what ECSTarget makes. It is a part of the encryption context
	// where the session is encrypted.
	Target string
}

// ECSTarget returns the target of an ECS Exec session. The cluster and the task may be given by ARN. The runtime id is
// that of the container (DescribeTasks, containers[].runtimeId).
func ECSTarget(cluster, task, runtimeID string) string {
	return "ecs:" + last(cluster) + "_" + last(task) + "_" + runtimeID
}

func last(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }

// start opens a session on a target.
func (c *Client) start(ctx context.Context, target, document string, parameters map[string][]string) (*session, error) {
	if c.api == nil {
		return nil, diag.Errorf(diag.KindInvalid, "starting a session on %s: the client has no API for it", target)
	}
	input := &ssm.StartSessionInput{Target: aws.String(target), Reason: aws.String(c.options.Reason),
		Parameters: parameters}
	if document != "" {
		input.DocumentName = aws.String(document)
	}
	output, err := c.api.StartSession(ctx, input)
	if err != nil {
		err = startError(target, err)
		c.audit(ctx, "session refused", Stream{Target: target}, document, err)
		return nil, err
	}
	stream := Stream{SessionID: aws.ToString(output.SessionId), URL: aws.ToString(output.StreamUrl),
		Token: aws.ToString(output.TokenValue), Target: target}
	return c.attach(ctx, stream, document)
}

// attach connects to an open session and waits until it is ready.
func (c *Client) attach(ctx context.Context, stream Stream, document string) (*session, error) {
	s := &session{client: c, stream: stream, document: document}
	if err := s.open(ctx); err != nil {
		err = fmt.Errorf("opening session %s on %s: %w", stream.SessionID, stream.Target, err)
		c.audit(ctx, "session failed", stream, document, err)
		s.terminate(ctx)
		return nil, err
	}
	c.audit(ctx, "session started", stream, document, nil)
	return s, nil
}

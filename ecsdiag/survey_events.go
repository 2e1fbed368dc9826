package ecsdiag

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
	"github.com/awsdiag/awsdiag/internal/words"
)

// serviceEvents tells deployments, service events and stopped tasks of the window.
func serviceEvents(ctx context.Context, s *Service, window diag.Window) ([]diag.Event, error) {
	svc, err := s.Describe(ctx)
	if err != nil {
		return nil, err
	}
	home := s.resource(svc)
	events := append(deploymentEvents(svc), messageEvents(svc)...)
	stopped, err := s.StoppedTasks(ctx)
	for i := range stopped {
		events = append(events, stopEvent(&stopped[i]))
	}
	var seen []diag.Event
	for _, e := range events {
		if e.Resource.IsZero() {
			e.Resource = home
		}
		if !e.At.Before(window.Start) && !e.At.After(window.End) {
			seen = append(seen, e)
		}
	}
	return seen, err
}

func deploymentEvents(svc *types.Service) []diag.Event {
	var events []diag.Event
	for _, d := range svc.Deployments {
		text := fmt.Sprintf("deployment of %s begins, %s", afterSlash(aws.ToString(d.TaskDefinition)),
			words.Count(int(d.DesiredCount), "task"))
		events = append(events, diag.Event{At: aws.ToTime(d.CreatedAt), Source: sourceServices, Kind: "deployment",
			Text: text})
	}
	return events
}

// messageEvents tells the service events, of several steady states in a row the first.
func messageEvents(svc *types.Service) []diag.Event {
	var events []diag.Event
	for i, e := range svc.Events { // newest first
		message := aws.ToString(e.Message)
		if i+1 < len(svc.Events) && steady(e) && steady(svc.Events[i+1]) {
			continue
		}
		events = append(events, diag.Event{At: aws.ToTime(e.CreatedAt), Source: sourceServices, Kind: "service-event",
			Text: message})
	}
	return events
}

func steady(e types.ServiceEvent) bool {
	return ecstext.ServiceEvent(aws.ToString(e.Message)).Cause == ecstext.SteadyState
}

func stopEvent(t *StoppedTask) diag.Event {
	arn := aws.ToString(t.TaskArn)
	text := fmt.Sprintf("task %s of %s stops: %s", shortName(arn), afterSlash(aws.ToString(t.TaskDefinitionArn)),
		aws.ToString(t.StoppedReason))
	for _, c := range t.Containers {
		switch {
		case c.ExitCode != nil:
			text += strings.TrimRight(fmt.Sprintf("; %s exited with %d %s", aws.ToString(c.Name), *c.ExitCode,
				aws.ToString(c.Reason)), " ")
		case aws.ToString(c.Reason) != "":
			text += fmt.Sprintf("; %s: %s", aws.ToString(c.Name), aws.ToString(c.Reason))
		}
	}
	return diag.Event{At: t.begin(), Resource: taskResource(arn), Source: t.source(), Kind: diag.KindTaskStopped,
		Text: oneLine(text)}
}

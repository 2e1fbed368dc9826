package scaling

import (
	"cmp"
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

// TargetSurvey tells what scaled when, and the bounds of the target.
var TargetSurvey = &diag.Survey[*Target]{
	Name: "scaling.target", Actions: actionsBoth, Events: events, Settings: settings,
}

func events(ctx context.Context, t *Target, _ diag.Window) ([]diag.Event, error) {
	target, err := t.Describe(ctx)
	if target == nil {
		return nil, known(err)
	}
	all, err := t.Activities(ctx)
	var out []diag.Event
	for _, a := range all {
		text := cmp.Or(aws.ToString(a.Description), "scaling activity")
		if a.StatusMessage != nil {
			text += ": " + *a.StatusMessage
		}
		out = append(
			out,
			diag.Event{
				At:       *a.StartTime,
				Resource: t.resource(target),
				Source:   sourceActivities,
				Kind:     "scaling",
				Text:     text,
			},
		)
	}
	return out, err
}

func settings(ctx context.Context, t *Target) ([]diag.Setting, error) {
	target, err := t.Describe(ctx)
	if target == nil {
		return nil, known(err)
	}
	r := t.resource(target)
	return []diag.Setting{
		{Resource: r, Name: "minimum capacity", Value: fmt.Sprint(aws.ToInt32(target.MinCapacity))},
		{Resource: r, Name: "maximum capacity", Value: fmt.Sprint(aws.ToInt32(target.MaxCapacity))},
	}, nil
}

package changes_test

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
)

// Who removed the route, and how is it put back?
func ExampleTrail_Of() {
	noon := time.Date(2026, 2, 11, 12, 0, 0, 0, time.UTC)
	cloudTrail := &changesfake.Client{Events: []types.Event{changesfake.Write{
		At: noon.Add(-20 * time.Minute), Action: "iam:DetachRolePolicy", Who: "omar.h",
		Params: `{"roleName": "task", "policyArn": "arn:aws:iam::111122223333:policy/read-secrets"}`,
	}.Event()}}

	trail := changes.NewTrail(cloudTrail, diag.Last(3*time.Hour, noon))
	made, err := trail.Of(context.Background(), diag.ResourceOf("AWS::IAM::Role", "task", ""))
	if err != nil {
		fmt.Println(err)
	}
	for _, c := range made {
		fmt.Println(c.At.Format(time.TimeOnly), c.Summary)
		fmt.Println(c.Steps[0].Command)
	}
	// Output:
	// 11:40:00 omar.h detached a policy (arn:aws:iam::111122223333:policy/read-secrets) from role task
	// aws iam attach-role-policy --role-name task --policy-arn arn:aws:iam::111122223333:policy/read-secrets
}

// flags is a source of changes beside CloudTrail.
type flags map[string]time.Time

func (f flags) Changes(_ context.Context, window diag.Window) ([]changes.Change, error) {
	var made []changes.Change
	for name, at := range f {
		if window.Contains(at) {
			made = append(made, changes.Change{At: at, Code: changes.FlagChanged, EventSource: "flags", EventID: name,
				Summary: "flag " + name + " was set"})
		}
	}
	return made, nil
}

func ExampleSource() {
	noon := time.Date(2026, 2, 11, 12, 0, 0, 0, time.UTC)
	window := diag.Last(3*time.Hour, noon)
	trail := changes.NewTrail(&changesfake.Client{}, window,
		changes.With(flags{"new-checkout": noon.Add(-time.Hour), "old": noon.Add(-time.Hour * 24)}))
	made, _ := trail.Changes(context.Background(), window)
	for _, r := range changes.Rank(made, noon.Add(-55*time.Minute)) {
		fmt.Println(r.Before, "before:", r.Summary)
	}
	// Output:
	// 5m0s before: flag new-checkout was set
}

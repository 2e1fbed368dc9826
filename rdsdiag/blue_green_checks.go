package rdsdiag

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
)

// Statuses of a deployment, of its tasks and of its members; the SDK has no enums for them ("BlueGreenDeployment",
// "BlueGreenDeploymentTask" and "SwitchoverDetail", Amazon RDS API Reference).
const (
	switchoverInProgress = "SWITCHOVER_IN_PROGRESS"
	switchoverCompleted  = "SWITCHOVER_COMPLETED"
	switchoverFailed     = "SWITCHOVER_FAILED"
	invalidConfiguration = "INVALID_CONFIGURATION"
	deploymentDeleting   = "DELETING"
	taskFailed           = "FAILED"
	missingPrefix        = "MISSING_"
)

const blueGreenDoc = "Using Amazon RDS Blue/Green Deployments for database updates"

// blueGreenTrouble is one row of the table that makes the checks of blue/green deployments.
type blueGreenTrouble struct {
	code       diag.Code
	title, doc string
	breaks     []diag.Mechanism
	// judge returns what to say behind the name of the deployment; empty if there is nothing to say.
	judge func(d *types.BlueGreenDeployment) (summary string, evidence []diag.Evidence)
	// began are the classes of the event that tells when; none for what has no time.
	began []EventClass
	// over reports that the event also ends it.
	over bool
	step string
}

var blueGreenTroubles = []blueGreenTrouble{
	{
		code: "rds.blue-green-switchover-failed", title: "Switchover failed", breaks: down,
		doc: "The green environment did not become production: a guardrail refused it, or it took longer than its timeout. " +
			"RDS takes such a switchover back; production stays as it was, after connections were cut and writes stopped.",
		judge: func(d *types.BlueGreenDeployment) (string, []diag.Evidence) {
			if !is(d.Status, switchoverFailed) {
				return "", nil
			}
			return "failed to switch over" + details(d), append(statusEvidence(d), memberEvidence(d, switchoverFailed)...)
		},
		began: []EventClass{EventFailoverFailed}, over: true,
		step: "See the reason in its events; let replication catch up, end long transactions and DDL, then switch " +
			"over again in a quiet hour with a longer timeout.",
	},
	{
		code: "rds.blue-green-switching", title: "Switchover under way", breaks: down,
		doc: "The green environment is about to become production: connections are dropped and writes stopped until it is " +
			"done, or until its timeout, by default five minutes.",
		judge: func(d *types.BlueGreenDeployment) (string, []diag.Evidence) {
			if !is(d.Status, switchoverInProgress) {
				return "", nil
			}
			return "is switching over: connections are dropped, and nothing is written until it is done", statusEvidence(d)
		},
		began: []EventClass{EventFailoverStarted},
		step:  "Wait for its end, or for its timeout, after which RDS takes it back.",
	},
	{
		code: "rds.blue-green-switchover-incomplete", title: "Switchover left databases behind",
		doc: "The switchover is complete, but a member of it failed: this one keeps its old name and version, and " +
			"who names it is not served by the new environment. The status of the deployment does not tell.",
		judge: func(d *types.BlueGreenDeployment) (string, []diag.Evidence) {
			behind := memberEvidence(d, switchoverFailed)
			if !is(d.Status, switchoverCompleted) || len(behind) == 0 {
				return "", nil
			}
			return fmt.Sprintf("is switched over, but for %d of %d: %s stays behind", len(behind), len(d.SwitchoverDetails),
				strings.Join(sources(d, switchoverFailed), ", ")), append(statusEvidence(d), behind...)
		},
		step: "Look at which database now has which name; point clients of the member that failed to its new endpoint.",
	},
	{
		code: "rds.blue-green-invalid", title: "Green environment not usable",
		doc: "The green environment cannot take over: its replication broke, a member of it was deleted, or a task that " +
			"prepares it failed. Production is not affected.",
		judge: judgeInvalid,
		step:  "Read the status details and the events of the green database; delete the deployment and make it anew.",
	},
}

func judgeInvalid(d *types.BlueGreenDeployment) (string, []diag.Evidence) {
	for _, past := range []string{switchoverCompleted, deploymentDeleting} {
		if is(d.Status, past) { // its blue side may be gone by then, as it should
			return "", nil
		}
	}
	faults := memberEvidence(d, missingPrefix)
	for _, t := range d.Tasks {
		if is(t.Status, taskFailed) {
			faults = append(faults, blueGreenEvidence("Tasks["+aws.ToString(t.Name)+"].Status", *t.Status))
		}
	}
	if len(faults) == 0 && !is(d.Status, invalidConfiguration) {
		return "", nil
	}
	return "has a green environment that cannot take over" + details(d), append(statusEvidence(d), faults...)
}

func is(value *string, want string) bool { return strings.EqualFold(aws.ToString(value), want) }

// details are what RDS says about the status, as the end of a sentence.
func details(d *types.BlueGreenDeployment) string {
	if s := strings.TrimSpace(aws.ToString(d.StatusDetails)); s != "" {
		return ": " + s
	}
	return ""
}

func blueGreenEvidence(field, value string) diag.Evidence {
	return evidence(callBlueGreens, "BlueGreenDeployments[0]."+field, value)
}

func statusEvidence(d *types.BlueGreenDeployment) []diag.Evidence {
	told := []diag.Evidence{blueGreenEvidence("Status", aws.ToString(d.Status))}
	if s := aws.ToString(d.StatusDetails); s != "" {
		told = append(told, blueGreenEvidence("StatusDetails", s))
	}
	return told
}

// memberEvidence quotes the members whose status begins so.
func memberEvidence(d *types.BlueGreenDeployment, prefix string) []diag.Evidence {
	var told []diag.Evidence
	for _, m := range d.SwitchoverDetails {
		if strings.HasPrefix(strings.ToUpper(aws.ToString(m.Status)), prefix) {
			told = append(told, blueGreenEvidence(fmt.Sprintf("SwitchoverDetails[%s to %s].Status",
				refOf(aws.ToString(m.SourceMember)).id, refOf(aws.ToString(m.TargetMember)).id), *m.Status))
		}
	}
	return told
}

// sources names the production side of the members whose status it is.
func sources(d *types.BlueGreenDeployment, status string) []string {
	var names []string
	for _, m := range d.SwitchoverDetails {
		if is(m.Status, status) {
			names = append(names, refOf(aws.ToString(m.SourceMember)).id)
		}
	}
	return names
}

// BlueGreenChecks are the checks of a blue/green deployment, one for each row of the table. That a switchover was
// done is told by the events of its databases: see rds.switched-over.
func BlueGreenChecks() []*diag.Check[*BlueGreenDeployment] {
	var checks []*diag.Check[*BlueGreenDeployment]
	for _, row := range blueGreenTroubles {
		actions := []string{callBlueGreens}
		if len(row.began) > 0 {
			actions = append(actions, callEvents)
		}
		checks = append(checks, &diag.Check[*BlueGreenDeployment]{
			Info: diag.Info{Code: row.code, Title: row.title, Doc: row.doc, Severity: diag.SeverityWarning, Actions: actions,
				Breaks: row.breaks, Source: blueGreenDoc,
				Limits: "When it happened is known from events of the window only."},
			Run: func(ctx context.Context, b *BlueGreenDeployment) ([]diag.Finding, error) {
				d, err := b.Describe(ctx)
				if err != nil {
					return nil, err
				}
				summary, evidence := row.judge(d)
				if summary == "" {
					return nil, nil
				}
				return b.finding(ctx, d, row, summary, evidence)
			},
		})
	}
	return checks
}

func (b *BlueGreenDeployment) finding(
	ctx context.Context, d *types.BlueGreenDeployment, row blueGreenTrouble, summary string, evidence []diag.Evidence,
) ([]diag.Finding, error) {
	f := diag.Finding{Evidence: evidence, NextSteps: []diag.Step{{Text: row.step}, {Text: "Look at the whole deployment.",
		Command: "aws rds describe-blue-green-deployments --blue-green-deployment-identifier " + b.id}}}
	var err error
	if len(row.began) > 0 {
		var events []Event
		events, err = b.Events(ctx)
		if e, ok := newestEvent(events, row.began); ok {
			f.Evidence = append(f.Evidence, eventEvidence(e))
			f.Since = e.At
			if row.over {
				f.Until = e.At
			}
		} else if row.over && err == nil {
			f.Severity = diag.SeverityInfo // its status stays for days: it failed before the window
		}
	}
	f.Summary = fmt.Sprintf("blue/green deployment %s, from %s to %s, %s", nameOf(b, d), refOf(aws.ToString(d.Source)).id,
		refOf(aws.ToString(d.Target)).id, summary)
	for _, member := range []*string{d.Source, d.Target} {
		if arn := aws.ToString(member); arn != "" {
			f.Related = append(f.Related, diag.Related{Resource: databaseOf(arn), Role: "database"})
		}
	}
	return []diag.Finding{f}, err
}

func nameOf(b *BlueGreenDeployment, d *types.BlueGreenDeployment) string {
	if name := aws.ToString(d.BlueGreenDeploymentName); name != "" {
		return name
	}
	return b.id
}

// databaseOf names the instance or the cluster of an ARN.
func databaseOf(arn string) diag.Resource {
	if strings.Contains(arn, ":cluster:") {
		return refOf(arn).resource(typeCluster)
	}
	return refOf(arn).resource(typeInstance)
}

// newestEvent returns the last event of the classes.
func newestEvent(events []Event, classes []EventClass) (Event, bool) {
	for _, e := range slices.Backward(events) {
		if slices.Contains(classes, e.Class) {
			return e, true
		}
	}
	return Event{}, false
}

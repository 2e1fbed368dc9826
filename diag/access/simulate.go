package access

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	// maxActions is how many actions one simulation asks about. IAM documents no limit; requests of this size pass.
	maxActions = 100
	// maxResults is the largest page ("SimulatePrincipalPolicy", MaxItems, IAM API Reference).
	maxResults = 1000
)

// Question asks whether a role may do something.
type Question struct {
	// Action is an IAM action: "ecr:BatchGetImage".
	Action string
	// Resource is an ARN, or "*" for an action that knows no resources.
	Resource string
	// Via is the service on whose behalf KMS is asked ("secretsmanager.eu-west-1.amazonaws.com", for the condition key
	// kms:ViaService); mostly empty.
	Via string
}

// Decision is the answer to a [Question].
type Decision struct {
	Question
	Effect Effect
	// Simulated says that IAM decided. Otherwise the role's own policies and boundary were weighed here, and organization
	// policies were not seen.
	Simulated bool
	// Policies name the policies whose statements decided, as IAM or this module calls them.
	Policies []string
	// Statement is the Sid of the statement that decided; empty where it has none, and where IAM decided, which does not
	// tell it.
	Statement string
	// Missing are context keys that policies ask for and the question did not give.
	Missing []string
	// ByMessage says that only a message tells that it was refused: IAM's simulator allows it.
	ByMessage bool
	// BoundaryBlocks says that the permissions boundary does not allow it.
	BoundaryBlocks bool
	// OrganizationBlocks says that a service control policy of the organization does not allow it.
	OrganizationBlocks bool
	// OnResource is the policy of the resource, where that is what denies or does not allow it.
	OnResource *ResourcePolicy
	// AlsoIdentity says of such a decision that the role's own policies do not allow it either.
	AlsoIdentity bool
	// Unweighed says that the policy of the resource could not be read: it may allow what the decision refuses.
	Unweighed bool
	// dated says that the time of the request makes it allowed.
	dated bool
}

// simulator remembers what was answered. One question at a time is under way, so that nothing is asked twice.
type simulator struct {
	turn    chan struct{}
	answers map[Question]Decision
	refused error
}

func newSimulator() simulator {
	return simulator{turn: make(chan struct{}, 1), answers: map[Question]Decision{}}
}

// Simulate answers questions through IAM's simulator, in the order asked: all in one call, as long as they are about no
// more than 100 actions and IAM takes them together. Where the caller may not simulate, or the simulation fails, it
// weighs the role's policies itself and returns those answers with the error.
func (r *Role) Simulate(ctx context.Context, questions ...Question) ([]Decision, error) {
	select {
	case r.simulator.turn <- struct{}{}:
		defer func() { <-r.simulator.turn }()
	case <-ctx.Done():
		return nil, diag.Cause(ctx)
	}
	open := slices.DeleteFunc(unique(questions), func(q Question) bool {
		_, known := r.simulator.answers[q]
		return known
	})
	err := r.simulator.refused
	if len(open) > 0 && err == nil {
		err = r.simulateAll(ctx, open)
	}
	if err == nil {
		return r.answered(questions), nil
	}
	if kind := diag.KindOf(err); kind == diag.KindCanceled || kind == diag.KindBudget || kind == diag.KindNotFound {
		return nil, err
	}
	r.simulator.refused = err
	weighed, weighErr := r.weighAll(ctx, questions)
	return weighed, joined(err, weighErr)
}

func unique(questions []Question) []Question {
	seen := map[Question]bool{}
	var out []Question
	for _, q := range questions {
		if !seen[q] {
			seen[q] = true
			out = append(out, q)
		}
	}
	return out
}

func (r *Role) answered(questions []Question) []Decision {
	var out []Decision
	for _, q := range questions {
		out = append(out, r.simulator.answers[q])
	}
	return out
}

func (r *Role) simulateAll(ctx context.Context, questions []Question) error {
	arn, err := r.ARN(ctx)
	if err != nil {
		return err
	}
	slices.SortStableFunc(questions, func(a, b Question) int { return strings.Compare(a.Action, b.Action) })
	for len(questions) > 0 {
		n := withinLimit(questions)
		if err := r.simulate(ctx, arn, questions[:n]); err != nil {
			return fmt.Errorf("simulating %d actions for role %s: %w", len(actionsOf(questions[:n])), r.name, err)
		}
		questions = questions[n:]
	}
	return nil
}

// withinLimit returns how many questions, sorted by action, one call takes.
func withinLimit(questions []Question) int {
	seen := map[string]bool{}
	for i, q := range questions {
		seen[q.Action] = true
		if len(seen) > maxActions {
			return i
		}
	}
	return len(questions)
}

func actionsOf(questions []Question) []string {
	return distinct(questions, func(q Question) string { return q.Action })
}

// distinct returns the values of the questions, each once, sorted, without empty ones.
func distinct(questions []Question, of func(Question) string) []string {
	values := map[string]bool{}
	for _, q := range questions {
		values[of(q)] = true
	}
	delete(values, "")
	return slices.Sorted(maps.Keys(values))
}

// simulate asks in one call, every action for every resource. IAM refuses some mixtures of actions as InvalidInput
// ("require different authorization information"); the call is then split by resource, and then by action.
func (r *Role) simulate(ctx context.Context, arn string, questions []Question) error {
	results, err := r.results(ctx, arn, questions)
	if diag.KindOf(err) == diag.KindInvalid && len(questions) > 1 {
		first, second := halves(questions)
		if err := r.simulate(ctx, arn, first); err != nil {
			return err
		}
		return r.simulate(ctx, arn, second)
	}
	if err != nil {
		return err
	}
	for _, q := range questions {
		d, ok := decide(q, results)
		if !ok {
			return diag.Errorf(diag.KindIncomplete, "no answer for %s on %s", q.Action, q.Resource)
		}
		r.simulator.answers[q] = d
	}
	return nil
}

func halves(questions []Question) (first, second []Question) {
	resources := distinct(questions, func(q Question) string { return q.Resource })
	if len(resources) == 1 {
		return questions[:len(questions)/2], questions[len(questions)/2:]
	}
	middle := resources[len(resources)/2]
	for _, q := range questions {
		if q.Resource < middle {
			first = append(first, q)
		} else {
			second = append(second, q)
		}
	}
	return first, second
}

func (r *Role) results(ctx context.Context, arn string, questions []Question) ([]types.EvaluationResult, error) {
	in := &iam.SimulatePrincipalPolicyInput{
		PolicySourceArn: aws.String(arn), ActionNames: actionsOf(questions), MaxItems: aws.Int32(maxResults),
		ResourceArns: distinct(questions, func(q Question) string { return q.Resource }), ContextEntries: entries(questions),
	}
	var all []types.EvaluationResult
	pages := iam.NewSimulatePrincipalPolicyPaginator(r.api, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, page.EvaluationResults...)
	}
	return all, nil
}

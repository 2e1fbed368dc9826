package triage

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/images"
	"github.com/awsdiag/awsdiag/diag/secrets"
	"github.com/awsdiag/awsdiag/ecsdiag"
	"github.com/awsdiag/awsdiag/ssmdiag"
)

// secretPlan examines a secret, or what a bridge filed of one and its consumer, where the symptom gives reason to.
func secretPlan(s *Scene, r, _ diag.Resource) diag.Plan {
	if c, ok := s.filed(r).(*secrets.Consumed); ok {
		return diag.On(c, secrets.ConsumedChecks()...)
	}
	if !s.asks(TasksStopping, TasksPending, DeploymentStuck, AccessDenied, Errors, DBUnreachable) {
		return diag.Plan{}
	}
	return diag.On(s.secret(cmp.Or(r.ARN, r.ID)), secrets.SecretChecks()...)
}

// parameterPlan examines the parameters that were asked about, a single one or, by "/shop/prod/*", all below a path,
// and those that a bridge filed. Single ones on the way are left to the list that they stand in.
func parameterPlan(s *Scene, r, from diag.Resource) diag.Plan {
	if from.IsZero() && s.Scope.Clients.SSM != nil {
		return s.askedParameters(r.ID)
	}
	if p, ok := s.filed(r).(*ssmdiag.Parameters); ok {
		return diag.On(p, ssmdiag.ParameterChecks()...)
	}
	return diag.Plan{}
}

func (s *Scene) askedParameters(name string) diag.Plan {
	var options []ssmdiag.ParameterOption
	survey := ssmdiag.ParameterSurvey
	if values, ok := s.Scope.Clients.SSM.(ssmdiag.ValueAPI); ok && len(s.values.Key) > 0 {
		options = append(options, ssmdiag.WithFingerprints(values, s.values.Key))
		if s.values.Decrypt {
			options = append(options, ssmdiag.WithDecryption())
		}
		survey = ssmdiag.ParameterValueSurvey
	}
	var asked *ssmdiag.Parameters
	if path, below := strings.CutSuffix(name, "/*"); below {
		asked = ssmdiag.NewParameterPath(s.Scope.Clients.SSM, path, s.Window, options...)
	} else {
		asked = ssmdiag.NewParameter(s.Scope.Clients.SSM, name, s.Window, options...)
	}
	return diag.Join(diag.On(asked, ssmdiag.ParameterChecks()...), diag.Observe(asked, survey))
}

// deliveries files the parameters that the tasks of a service get, and when its tasks got its secrets. Parameters are
// asked for where tasks did not get them, or where the program fails and may have an old value: one call for fifty.
func (s *Scene) deliveries() *diag.Survey[*ecsdiag.Service] {
	actions := slices.Concat(ecsdiag.ServiceSurvey.Actions, []string{"ecs:DescribeTaskDefinition"})
	return &diag.Survey[*ecsdiag.Service]{
		Name: "triage.deliveries", Actions: actions,
		Links: func(ctx context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
			fails, err := service.SecretsFail(ctx)
			old := s.asks(AccessDenied, Errors, DBUnreachable)
			definition, defErr := service.TaskDefinition(ctx)
			err = errors.Join(err, defErr)
			if definition == nil || !fails && !old {
				return nil, err
			}
			var started time.Time
			if old {
				var startErr error
				started, startErr = firstStart(ctx, service)
				err = errors.Join(err, startErr)
			}
			names, refs := s.delivered(definition.TaskDefinitionArn, ecsdiag.References(definition))
			var links []diag.Link
			if len(names) > 0 && s.Scope.Clients.SSM != nil {
				id := "those of " + service.Resource().ID
				list := s.parameterList(names).As(id, started)
				subject(s, typeParameter, id, func() *ssmdiag.Parameters { return list })
				links = append(links, diag.Link{From: service.Resource(), To: list.Resource(), Role: "reads"})
			}
			for _, ref := range refs {
				if started.IsZero() || s.Scope.Clients.Secrets == nil {
					break
				}
				seen := s.secret(ref).By(service.Resource(), started)
				subject(s, typeSecret, seen.Resource().ID, func() *secrets.Consumed { return seen })
				links = append(links, diag.Link{From: service.Resource(), To: seen.Resource(), Role: "reads"})
			}
			return links, err
		},
	}
}

// firstStart is when the oldest running task of a service started, zero if none did.
func firstStart(ctx context.Context, service *ecsdiag.Service) (time.Time, error) {
	tasks, err := service.RunningTasks(ctx)
	var first time.Time
	for _, t := range tasks {
		if at := aws.ToTime(t.StartedAt); !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first, err
}

// delivered returns the names of the parameters and the ARNs of the secrets among references, of those that lie in the
// scope and the account of the task definition: nobody else's are listed.
func (s *Scene) delivered(definition *string, references []ecsdiag.Reference) (parameters, secretARNs []string) {
	home, _ := arn.Parse(aws.ToString(definition))
	for _, r := range references {
		from, err := arn.Parse(r.From)
		switch {
		case err != nil:
			parameters = append(parameters, r.From)
		case !fits(from.Region, s.Scope.Region) || !fits(from.AccountID, cmp.Or(home.AccountID, s.Scope.Account)):
		case from.Service == "ssm":
			name := strings.TrimPrefix(from.Resource, "parameter")
			if strings.Count(name, "/") == 1 {
				name = strings.TrimPrefix(name, "/") // a name without a path has no slash
			}
			parameters = append(parameters, name)
		case from.Service == "secretsmanager":
			secretARNs = append(secretARNs, r.From)
		}
	}
	slices.Sort(secretARNs)
	return parameters, slices.Compact(secretARNs)
}

// imagePlan examines an image, or what a bridge filed of one and its platform.
func imagePlan(s *Scene, r, _ diag.Resource) diag.Plan {
	if f, ok := s.filed(r).(*images.Fit); ok {
		return diag.On(f, images.FitChecks()...)
	}
	return diag.On(s.image(r), images.ImageChecks()...)
}

// image returns the image of a resource. Registries of several accounts may hold images of one name.
func (s *Scene) image(r diag.Resource) *images.Image {
	return subject(s, images.TypeImage, r.Account+"/"+r.Region+"/"+r.ID, func() *images.Image {
		return images.NewImage(s.Scope.Clients.ECR, images.ReferenceOf(r))
	})
}

// platforms asks whether images are built for what they are to run on, where the tasks of a service give reason to
// doubt it: to read a manifest counts as a pull.
func (s *Scene) platforms() *diag.Survey[*ecsdiag.Service] {
	return &diag.Survey[*ecsdiag.Service]{
		Name: "triage.platforms", Actions: slices.Concat(ecsdiag.ServiceSurvey.Actions,
			[]string{"ecs:DescribeTaskDefinition"}),
		Links: func(ctx context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
			manifests, ok := s.Scope.Clients.ECR.(images.ManifestAPI)
			doubt, err := service.PlatformInDoubt(ctx)
			if !ok || !doubt {
				return nil, err
			}
			runs, runsErr := service.ImagesRun(ctx)
			var links []diag.Link
			for _, run := range runs {
				r := run.Resource()
				if !fits(r.Region, s.Scope.Region) || !fits(r.Account, s.Scope.Account) {
					continue
				}
				fit := s.image(r).On(manifests, run.Architecture, run.Family)
				subject(s, images.TypeImage, fit.Resource().ID, func() *images.Fit { return fit })
				links = append(links, diag.Link{From: service.Resource(), To: fit.Resource(), Role: "runs image"})
			}
			return links, errors.Join(err, runsErr)
		},
	}
}

package diag

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
)

// windowed is a subject that tells what it looks back on. The window's End is its "now".
type windowed interface{ Window() Window }

// look returns what a plan needs to know of a subject, with the reason if there is no use in asking it anything: what
// nobody can see for a mistake in the question must not pass for healthy.
func look(subject Subject) (r Resource, w Window, unsound error) {
	r = subject.Resource()
	if typ, ok := strings.CutPrefix(r.Type, "AWS::"); ok && r.ID == "" && r.ARN == "" {
		return r, w, Errorf(KindInvalid, "the %s has an empty name", typ)
	}
	if unsound = misnamed(r); unsound != nil {
		return r, w, unsound
	}
	s, ok := subject.(windowed)
	if !ok {
		return r, w, nil
	}
	if w = s.Window(); w.End.IsZero() {
		unsound = Errorf(KindInvalid, "%s was made without a window: give it diag.Last(time.Hour, time.Now()), or the like", r)
	} else if err := w.Validate(); err != nil {
		unsound = Errorf(KindInvalid, "%s: %w", r, err)
	}
	return r, w, unsound
}

// arnForms are the service and the beginning of the resource in the ARNs of types that people name by ARN ("Actions,
// resources, and condition keys for AWS services", Service Authorization Reference).
var arnForms = map[string][2]string{
	"AWS::ECR::Repository":                      {"ecr", "repository/"},
	"AWS::ECS::Cluster":                         {"ecs", "cluster/"},
	"AWS::ECS::Service":                         {"ecs", "service/"},
	"AWS::ECS::Task":                            {"ecs", "task/"},
	"AWS::ECS::TaskDefinition":                  {"ecs", "task-definition/"},
	"AWS::ElasticLoadBalancingV2::LoadBalancer": {"elasticloadbalancing", "loadbalancer/"},
	"AWS::ElasticLoadBalancingV2::TargetGroup":  {"elasticloadbalancing", "targetgroup/"},
	"AWS::IAM::Role":                            {"iam", "role/"},
	"AWS::Logs::LogGroup":                       {"logs", "log-group:"},
	"AWS::RDS::DBCluster":                       {"rds", "cluster:"},
	"AWS::RDS::DBInstance":                      {"rds", "db:"},
	"AWS::SecretsManager::Secret":               {"secretsmanager", "secret:"},
}

// misnamed reports a resource whose ARN is that of another type.
func misnamed(r Resource) error {
	form, ok := arnForms[r.Type]
	if !ok || r.ARN == "" {
		return nil
	}
	typ := strings.TrimPrefix(r.Type, "AWS::")
	a, err := arn.Parse(r.ARN)
	if err != nil {
		return Errorf(KindInvalid, "%q is no ARN of an %s: %w", r.ARN, typ, err)
	}
	if a.Service != form[0] || !strings.HasPrefix(a.Resource, form[1]) {
		return Errorf(KindInvalid, "%s is not the ARN of an %s: want arn:%s:%s:…:%s…", r.ARN, typ, a.Partition, form[0], form[1])
	}
	return nil
}

// windowOf returns the span from the earliest beginning to the latest end that the plans' subjects look back on.
func windowOf(plans []Plan) Window {
	var all Window
	for _, p := range plans {
		for _, j := range p.jobs {
			if j.unsound != nil || j.window.End.IsZero() {
				continue
			}
			if all.End.IsZero() || j.window.Start.Before(all.Start) {
				all.Start = j.window.Start
			}
			if j.window.End.After(all.End) {
				all.End = j.window.End
			}
		}
	}
	if all.End.IsZero() {
		return Last(time.Hour, time.Now())
	}
	return all
}

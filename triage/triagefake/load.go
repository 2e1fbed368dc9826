package triagefake

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/saved"
)

// Load reads a saved world into a fake account. A malformed file gives an error of [diag.KindInvalid] that names it,
// and so does a world of which nothing can be read. Calls that no fake here can answer, and those of services that no
// room here asks, are counted in Unread.
func Load(world fs.FS) (*Account, error) {
	documents, err := saved.Read(world)
	if err != nil {
		return nil, diag.Errorf(diag.KindInvalid, "reading a saved world: %w", err)
	}
	if len(documents) == 0 {
		return nil, diag.Errorf(diag.KindInvalid, "reading a saved world: it holds no document")
	}
	a := &Account{Unread: map[string]int{}}
	a.ID, a.Region = locate(documents)
	for _, d := range documents {
		if err := a.merge(d); err != nil {
			return nil, diag.Errorf(diag.KindInvalid, "reading a saved world: %s: %s %s: %w", d.File, d.Service, d.Operation,
				err)
		}
	}
	if unread := slices.Sorted(maps.Keys(a.Unread)); sum(a.Unread) == len(documents) {
		return nil, diag.Errorf(diag.KindInvalid, "reading a saved world: none of its calls is one that is asked here: %s",
			strings.Join(unread, " "))
	}
	return a, nil
}

func sum(counts map[string]int) (all int) {
	for _, n := range counts {
		all += n
	}
	return all
}

// world is a fake that learns from recorded answers.
type world interface {
	Merge(in, out any) bool
	FailWhen(action string, match func(input any) bool, err error)
}

func (a *Account) merge(d saved.Document) error {
	fakes := map[string]world{"elbv2": &a.ELB, "ecs": &a.ECS, "ec2": &a.EC2, "autoscaling": &a.AutoScaling,
		"logs": &a.Logs, "cloudwatch": &a.CloudWatch, "cloudtrail": &a.CloudTrail,
		"ssm": &a.SSM, "rds": &a.RDS, "pi": &a.Insights, "ecr": &a.ECR, "secretsmanager": &a.Secrets,
		"application-autoscaling": &a.Scaling, "iam": &a.IAM, "xray": &a.XRay, "health": &a.Health, "acm": &a.ACM,
		"kms": &a.KMS}
	fake, known := fakes[d.Service]
	in, out, ok := values(fake, d.Operation)
	if !known || !ok {
		a.Unread[d.Action()]++
		return nil
	}
	if err := saved.Decode(d.Input, in); err != nil {
		return fmt.Errorf("input: %w", err)
	}
	if d.Error != nil {
		fake.FailWhen(d.Action(), same(in), d.Error.Err())
		return nil
	}
	if err := saved.Decode(d.Output, out); err != nil {
		return fmt.Errorf("output: %w", err)
	}
	if !fake.Merge(in, out) {
		a.Unread[d.Action()]++
	}
	return nil
}

var contextType = reflect.TypeFor[context.Context]()

// values makes the SDK's input and output values of an operation, as the fake's method of that name takes and gives
// them.
func values(fake any, operation string) (in, out any, ok bool) {
	if fake == nil {
		return nil, nil, false
	}
	method, ok := reflect.TypeOf(fake).MethodByName(operation)
	if !ok || method.Type.NumIn() < 3 || method.Type.In(1) != contextType || method.Type.NumOut() != 2 {
		return nil, nil, false
	}
	return reflect.New(method.Type.In(2).Elem()).Interface(), reflect.New(method.Type.Out(0).Elem()).Interface(), true
}

// same matches inputs that ask what want asks. What want leaves open may be anything: the same question may be asked
// with another limit or page size.
func same(want any) func(any) bool {
	return func(have any) bool {
		w, h := reflect.ValueOf(want).Elem(), reflect.ValueOf(have).Elem()
		if w.Type() != h.Type() {
			return false
		}
		for i := range w.NumField() {
			if w.Type().Field(i).IsExported() && !w.Field(i).IsZero() &&
				!reflect.DeepEqual(w.Field(i).Interface(), h.Field(i).Interface()) {
				return false
			}
		}
		return true
	}
}

// locate tells which account and region a world is of: the account by GetCallerIdentity, the region by most of its
// ARNs.
func locate(documents []saved.Document) (account, region string) {
	accounts, regions := map[string]int{}, map[string]int{}
	for _, d := range documents {
		if d.Service == "sts" && d.Operation == "GetCallerIdentity" {
			var identity struct{ Account string }
			if json.Unmarshal(d.Output, &identity) == nil {
				accounts[identity.Account] += len(documents) * len(d.Output) // outweighs every ARN
			}
		}
		for _, word := range arnPattern.FindAllString(string(d.Output), -1) {
			if a, err := arn.Parse(word); err == nil {
				accounts[a.AccountID]++
				regions[a.Region]++
			}
		}
	}
	return most(accounts), most(regions)
}

var arnPattern = regexp.MustCompile(`arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]+:\d{12}:[^"\\\s]+`)

// most returns the key that was counted most often, the first by name among equals.
func most(count map[string]int) string {
	best := ""
	for _, k := range slices.Sorted(maps.Keys(count)) {
		if count[k] > count[best] {
			best = k
		}
	}
	return best
}

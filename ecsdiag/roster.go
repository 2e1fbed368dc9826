package ecsdiag

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// maxServices bounds what a roster or directory describes: 200 calls of ten services.
const maxServices = 2000

// shared are the facts that the services of one cluster have in common.
type shared struct {
	api         ServiceAPI
	window      diag.Window
	hosts       *hosts
	definitions *definitions
	tasks       *tasks // nil where each service lists its own
	options     []ServiceOption
}

// service makes a service on the shared facts.
func (x shared) service(cluster, name string) *Service {
	s := NewService(x.api, cluster, name, x.window, x.options...)
	s.hosts, s.definitions = x.hosts, x.definitions
	if x.tasks != nil {
		s.tasks = x.tasks
	}
	return s
}

// roster lists the services of one cluster and describes them in batches.
type roster struct {
	api     servicesAPI
	cluster string
	shared  shared
	arns    diag.Memo[[]string]
	memo    diag.Memo[[]*Service]
	maker   func(name string) *Service // nil for the default
}

type servicesAPI interface {
	ecs.ListServicesAPIClient
	ecs.DescribeServicesAPIClient
}

// get returns the services of the cluster, by name.
func (r *roster) get(ctx context.Context) ([]*Service, error) {
	return r.memo.Get(ctx, func(ctx context.Context) ([]*Service, error) {
		arns, listErr := r.list(ctx)
		services, err := r.describe(ctx, arns[:min(len(arns), maxServices)])
		return services, joined(listErr, err, beyondCap(len(arns)))
	})
}

func beyondCap(n int) error {
	if n <= maxServices {
		return nil
	}
	return diag.Errorf(diag.KindIncomplete, "describing services: %d exist, only the first %d were looked at", n,
		maxServices)
}

// list returns the ARNs of the cluster's services, sorted.
func (r *roster) list(ctx context.Context) ([]string, error) {
	return r.arns.Get(ctx, func(ctx context.Context) ([]string, error) {
		var arns []string
		pages := ecs.NewListServicesPaginator(r.api, &ecs.ListServicesInput{
			Cluster: aws.String(r.cluster), MaxResults: aws.Int32(maxListServices),
		})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return slices.Sorted(slices.Values(arns)), fmt.Errorf("listing services of %s: %w", r.cluster, err)
			}
			arns = append(arns, page.ServiceArns...)
		}
		return slices.Sorted(slices.Values(arns)), nil
	})
}

func (r *roster) describe(ctx context.Context, arns []string) ([]*Service, error) {
	services, err := inBatches(arns, maxDescribeServices, func(batch []string) ([]*Service, error) {
		out, err := describeServices(ctx, r.api, r.cluster, batch)
		return mapped(out, r.born), err
	})
	slices.SortFunc(services, func(a, b *Service) int { return cmp.Compare(a.name, b.name) })
	return services, err
}

// born makes a service that is already described.
func (r *roster) born(svc types.Service) *Service {
	name := shortName(cmp.Or(aws.ToString(svc.ServiceName), aws.ToString(svc.ServiceArn)))
	maker := r.maker
	if maker == nil {
		maker = func(name string) *Service { return r.shared.service(r.cluster, name) }
	}
	s := maker(name)
	s.described.Set(&svc)
	return s
}

func describeServices(ctx context.Context, api ecs.DescribeServicesAPIClient, cluster string,
	arns []string) ([]types.Service, error) {
	out, err := api.DescribeServices(ctx, &ecs.DescribeServicesInput{
		Cluster: aws.String(cluster), Services: arns, Include: withTags,
	})
	if err != nil {
		return nil, fmt.Errorf("describing %d services of %s: %w", len(arns), cluster, err)
	}
	return out.Services, failed("services of "+cluster, out.Failures, len(out.Services), len(arns))
}

func mapped[In, Out any](in []In, f func(In) Out) []Out {
	var out []Out
	for _, v := range in {
		out = append(out, f(v))
	}
	return out
}

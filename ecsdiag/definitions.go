package ecsdiag

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/smithy-go"

	"github.com/awsdiag/awsdiag/diag"
)

// definitions fetches task definitions once each, under every name they are asked for.
type definitions struct {
	api  TaskDefinitionAPI
	memo diag.MemoMap[string, *types.TaskDefinition]
}

func (d *definitions) get(ctx context.Context, ref string) (*types.TaskDefinition, error) {
	name := afterSlash(ref)
	return d.memo.Get(ctx, name, func(ctx context.Context) (*types.TaskDefinition, error) {
		if name == "" {
			return nil, diag.Errorf(diag.KindIncomplete, "describing task definition: AWS named none")
		}
		out, err := d.api.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{TaskDefinition: aws.String(ref)})
		if isClientException(err) {
			return nil, diag.Errorf(diag.KindNotFound, "describing task definition %s: %w", name, err)
		}
		if err != nil {
			return nil, fmt.Errorf("describing task definition %s: %w", name, err)
		}
		if out.TaskDefinition == nil {
			return nil, diag.Errorf(diag.KindNotFound, "describing task definition %s: the answer is empty", name)
		}
		return out.TaskDefinition, nil
	})
}

// all fetches task definitions side by side and returns those there are, in the order of the refs.
func (d *definitions) all(ctx context.Context, refs []string) ([]*types.TaskDefinition, error) {
	found, errs := make([]*types.TaskDefinition, len(refs)), make([]error, len(refs))
	var group sync.WaitGroup
	for i, ref := range refs {
		group.Go(func() { found[i], errs[i] = d.get(ctx, ref) })
	}
	group.Wait()
	return slices.DeleteFunc(found, func(td *types.TaskDefinition) bool { return td == nil }), joined(errs...)
}

// isClientException reports the code with which DescribeTaskDefinition answers for a revision that does not exist.
func isClientException(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() == "ClientException"
}

package ecsdiag

import (
	"context"
	"errors"
	"fmt"

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

// isClientException reports the code with which DescribeTaskDefinition answers for a revision that does not exist.
func isClientException(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() == "ClientException"
}

package diag_test

import (
	"errors"
	"testing"

	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	rdstypes "github.com/aws/aws-sdk-go-v2/service/rds/types"
	secrettypes "github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
)

// TestKindOfTypedExceptions uses the SDK's own types, whose codes come from the service models.
func TestKindOfTypedExceptions(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want diag.Kind
	}{
		{&ecstypes.AccessDeniedException{}, diag.KindDenied},
		{&ecstypes.ClusterNotFoundException{}, diag.KindNotFound},
		{&ecstypes.ServiceNotFoundException{}, diag.KindNotFound},
		{&ecstypes.InvalidParameterException{}, diag.KindInvalid},
		{&ecstypes.ServerException{}, diag.KindUnreachable},
		{&ecstypes.ClientException{}, diag.KindOther},
		{&elbtypes.TargetGroupNotFoundException{}, diag.KindNotFound},
		{&elbtypes.LoadBalancerNotFoundException{}, diag.KindNotFound},
		{&elbtypes.InvalidConfigurationRequestException{}, diag.KindInvalid},
		{&iamtypes.NoSuchEntityException{}, diag.KindNotFound},
		{&iamtypes.ServiceFailureException{}, diag.KindUnreachable},
		{&rdstypes.DBInstanceNotFoundFault{}, diag.KindNotFound},
		{&rdstypes.AuthorizationNotFoundFault{}, diag.KindNotFound},
		{&secrettypes.ResourceNotFoundException{}, diag.KindNotFound},
		{&secrettypes.InternalServiceError{}, diag.KindUnreachable},
		{&ssmtypes.ParameterNotFound{}, diag.KindNotFound},
		{&ssmtypes.InvocationDoesNotExist{}, diag.KindNotFound},
		{&ssmtypes.InternalServerError{}, diag.KindUnreachable},
		{&ssmtypes.InvalidInstanceId{}, diag.KindInvalid},
	} {
		var api smithy.APIError
		assert.True(t, errors.As(tt.err, &api))
		assert.Equal(t, tt.want, diag.KindOf(&smithy.OperationError{Err: tt.err}), "%T %s", tt.err, api.ErrorCode())
	}
}

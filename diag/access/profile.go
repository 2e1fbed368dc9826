package access

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// RoleOfProfile returns the ARN of the role in an instance profile, which is named by its name or ARN; "" where the
// profile holds none. A profile that does not exist is an error of [diag.KindNotFound]. It calls
// iam:GetInstanceProfile.
func RoleOfProfile(ctx context.Context, api ProfileAPI, nameOrARN string) (string, error) {
	name := lastPart(nameOrARN)
	out, err := api.GetInstanceProfile(ctx, &iam.GetInstanceProfileInput{InstanceProfileName: aws.String(name)})
	if err != nil {
		return "", fmt.Errorf("getting instance profile %s: %w", name, err)
	}
	if out.InstanceProfile == nil || len(out.InstanceProfile.Roles) == 0 {
		return "", nil
	}
	return aws.ToString(out.InstanceProfile.Roles[0].Arn), nil
}

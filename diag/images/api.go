package images

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ecr"
)

// ImageAPI is what an [Image] reads from.
type ImageAPI interface {
	ecr.DescribeImagesAPIClient
}

// ManifestAPI reads manifests, which counts as a pull; see [WithManifests].
type ManifestAPI interface {
	BatchGetImage(context.Context, *ecr.BatchGetImageInput, ...func(*ecr.Options)) (*ecr.BatchGetImageOutput, error)
}

var (
	_ ImageAPI    = (*ecr.Client)(nil)
	_ ManifestAPI = (*ecr.Client)(nil)
)

package images

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

// largeImage is from how many compressed bytes an image counts as large: at the tens of megabytes a second that small
// tasks get, a gibibyte takes a minute to pull and unpack.
const largeImage = 1 << 30

// Large finds an image that takes long to pull for its size.
var Large = &diag.Check[*Image]{
	Info: diag.Info{
		Code: "images.large", Title: "Large image",
		Doc: "The image has a gibibyte or more of compressed layers. Fargate pulls all of it for each task, and each start " +
			"and scale-out takes that much longer.",
		Severity: diag.SeverityInfo, Actions: actionsImage,
		Source: "Amazon ECR API Reference: ImageDetail.imageSizeInBytes; Amazon ECS Best Practices: Task launch",
		Limits: "A multi-platform image tells no size of its own.",
	},
	Run: func(ctx context.Context, i *Image) ([]diag.Finding, error) {
		detail, err := i.Describe(ctx)
		if detail == nil || aws.ToInt64(detail.ImageSizeInBytes) < largeImage {
			return nil, known(err)
		}
		size := *detail.ImageSizeInBytes
		return i.finding(fmt.Sprintf("image %s has %.1f GiB of compressed layers to pull", i.ref, float64(size)/(1<<30)),
			diag.Evidence{Source: sourceImages, Field: "imageSizeInBytes", Value: fmt.Sprint(size)},
			diag.Step{Text: "Look for what can be left out: build tools, caches, data. Use a smaller base image, or lazy " +
				"loading (SOCI) on Fargate."}), nil
	},
}

// Package imagesfake is an Amazon ECR that lives in memory. The literal is the world, the zero value an empty account:
//
//	c := &imagesfake.Client{Images: []types.ImageDetail{imagesfake.Image("team/app", "v1")}}
package imagesfake

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

const (
	// Account is the registry of the images that [Image] makes.
	Account = "111122223333"
	// maxImages is how many images one call may ask for, or returns where it asks for none.
	maxImages = 100
)

// Now is the "now" of what this package makes.
var Now = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// Client answers like Amazon ECR. A repository exists when it is listed or holds an image.
type Client struct {
	diagfake.Recorder
	Repositories []types.Repository
	Images       []types.ImageDetail
	// Manifests are image manifests by digest.
	Manifests map[string]string
	// Policies are the policies of repositories, by the repository's ARN. Most have none.
	Policies map[string]string
}

var _ diagfake.Fake = (*Client)(nil)

type options = func(*ecr.Options)

// Image is an image of one platform that was pushed a day ago.
func Image(repository string, tags ...string) types.ImageDetail {
	digest := "sha256:"
	for len(digest) < 71 {
		digest += "0123456789abcdef"[len(repository)%8 : len(repository)%8+8]
	}
	return types.ImageDetail{
		RegistryId: aws.String(
			Account,
		), RepositoryName: aws.String(repository), ImageTags: tags, ImageDigest: aws.String(digest[:71]),
		ImagePushedAt: aws.Time(
			Now.Add(-24 * time.Hour),
		), ImageSizeInBytes: aws.Int64(250_000_000), ImageStatus: types.ImageStatusActive,
		ImageManifestMediaType: aws.String("application/vnd.oci.image.manifest.v1+json"),
		ArtifactMediaType:      aws.String("application/vnd.oci.image.config.v1+json"),
	}
}

// DescribeImages returns the images of a repository that were asked for, or all, 100 a page.
func (c *Client) DescribeImages(
	ctx context.Context,
	in *ecr.DescribeImagesInput,
	_ ...options,
) (*ecr.DescribeImagesOutput, error) {
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		"ecr:DescribeImages",
		in,
		func(in *ecr.DescribeImagesInput) (*ecr.DescribeImagesOutput, error) {
			all, err := c.of(in.RegistryId, in.RepositoryName)
			if err != nil {
				return nil, err
			}
			if len(in.ImageIds) == 0 {
				page, next, err := diagfake.Page(&c.Recorder, "ecr:DescribeImages", all, in.NextToken, maxImages)
				return &ecr.DescribeImagesOutput{ImageDetails: page, NextToken: next}, err
			}
			if len(in.ImageIds) > maxImages {
				return nil, diagfake.APIError(
					"InvalidParameterException",
					"Invalid parameter at 'imageIds': more than 100 items",
				)
			}
			var found []types.ImageDetail
			for _, id := range in.ImageIds {
				i := find(all, id)
				if i < 0 {
					return nil, &types.ImageNotFoundException{
						Message: aws.String("The image with imageId {imageDigest:'" +
							or(
								id.ImageDigest,
							) + "', imageTag:'" + or(id.ImageTag) + "'} does not exist within the repository with name '" +
							aws.ToString(
								in.RepositoryName,
							) + "' in the registry with id '" + aws.ToString(in.RegistryId) + "'"),
					}
				}
				found = append(found, all[i])
			}
			return &ecr.DescribeImagesOutput{ImageDetails: found}, nil
		},
	)
}

// BatchGetImage returns manifests; what does not exist comes back as a failure.
func (c *Client) BatchGetImage(
	ctx context.Context,
	in *ecr.BatchGetImageInput,
	_ ...options,
) (*ecr.BatchGetImageOutput, error) {
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		"ecr:BatchGetImage",
		in,
		func(in *ecr.BatchGetImageInput) (*ecr.BatchGetImageOutput, error) {
			all, err := c.of(in.RegistryId, in.RepositoryName)
			if err != nil {
				return nil, err
			}
			out := &ecr.BatchGetImageOutput{}
			for _, id := range in.ImageIds {
				i := find(all, id)
				if i < 0 || c.Manifests[aws.ToString(all[i].ImageDigest)] == "" {
					out.Failures = append(
						out.Failures,
						types.ImageFailure{ImageId: &id, FailureCode: types.ImageFailureCodeImageNotFound},
					)
					continue
				}
				out.Images = append(
					out.Images,
					types.Image{ImageId: &id, RepositoryName: in.RepositoryName, RegistryId: in.RegistryId,
						ImageManifest: aws.String(
							c.Manifests[*all[i].ImageDigest],
						), ImageManifestMediaType: all[i].ImageManifestMediaType},
				)
			}
			return out, nil
		},
	)
}

// GetRepositoryPolicy returns the policy of a repository.
func (c *Client) GetRepositoryPolicy(ctx context.Context, in *ecr.GetRepositoryPolicyInput,
	_ ...options) (*ecr.GetRepositoryPolicyOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ecr:GetRepositoryPolicy", in,
		func(in *ecr.GetRepositoryPolicyInput) (*ecr.GetRepositoryPolicyOutput, error) {
			if _, err := c.of(in.RegistryId, in.RepositoryName); err != nil {
				return nil, err
			}
			name, registry := aws.ToString(in.RepositoryName), aws.ToString(in.RegistryId)
			for arn, policy := range c.Policies {
				if strings.HasSuffix(arn, ":repository/"+name) && (registry == "" || strings.Contains(arn, ":"+registry+":")) {
					return &ecr.GetRepositoryPolicyOutput{PolicyText: aws.String(policy), RegistryId: in.RegistryId,
						RepositoryName: in.RepositoryName}, nil
				}
			}
			return nil,
				&types.RepositoryPolicyNotFoundException{Message: aws.String("Repository policy does not exist for the repository with name '" +
					name + "' in the registry with id '" + registry + "'")}
		})
}

// of returns the images of a repository; without a registry id that of any account is taken for the caller's own.
func (c *Client) of(registry, repository *string) ([]types.ImageDetail, error) {
	var found []types.ImageDetail
	exists := slices.ContainsFunc(c.Repositories, func(r types.Repository) bool {
		return aws.ToString(r.RepositoryName) == aws.ToString(repository) &&
			(registry == nil || *registry == aws.ToString(r.RegistryId))
	})
	for _, i := range c.Images {
		if aws.ToString(i.RepositoryName) == aws.ToString(repository) &&
			(registry == nil || *registry == aws.ToString(i.RegistryId)) {
			found, exists = append(found, i), true
		}
	}
	if !exists {
		return nil, &types.RepositoryNotFoundException{
			Message: aws.String("The repository with name '" + aws.ToString(repository) +
				"' does not exist in the registry with id '" + aws.ToString(registry) + "'"),
		}
	}
	return found, nil
}

func find(all []types.ImageDetail, id types.ImageIdentifier) int {
	return slices.IndexFunc(all, func(i types.ImageDetail) bool {
		if id.ImageDigest != nil {
			return *id.ImageDigest == aws.ToString(i.ImageDigest)
		}
		return slices.Contains(i.ImageTags, aws.ToString(id.ImageTag))
	})
}

func or(s *string) string {
	if s == nil {
		return "null"
	}
	return *s
}

// Merge adds a recorded answer to the world and reports whether it knows the operation. What is merged twice stands
// once.
func (c *Client) Merge(_, out any) bool {
	switch out := out.(type) {
	case *ecr.DescribeImagesOutput:
		upsert(&c.Images, out.ImageDetails, func(i types.ImageDetail) string {
			return aws.ToString(i.RegistryId) + "/" + aws.ToString(i.RepositoryName) + "@" + aws.ToString(i.ImageDigest)
		})
	case *ecr.GetRepositoryPolicyOutput:
		if c.Policies == nil {
			c.Policies = map[string]string{}
		}
		c.Policies["arn:aws:ecr::"+aws.ToString(out.RegistryId)+":repository/"+aws.ToString(out.RepositoryName)] = aws.ToString(out.PolicyText)
	case *ecr.DescribeRepositoriesOutput:
		upsert(&c.Repositories, out.Repositories, func(r types.Repository) string { return aws.ToString(r.RepositoryArn) })
	default:
		return false
	}
	return true
}

func upsert[T any](world *[]T, items []T, key func(T) string) {
	for _, item := range items {
		if i := slices.IndexFunc(*world, func(x T) bool { return key(x) == key(item) }); i >= 0 {
			(*world)[i] = item
			continue
		}
		*world = append(*world, item)
	}
}

package images

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/awsdiag/awsdiag/diag"
)

// Image is one image in ECR and its facts. Make one with [NewImage].
type Image struct {
	api       ImageAPI
	manifests ManifestAPI
	ref       Reference
	wanted    Platform
	described *diag.Memo[*types.ImageDetail] // shared with others of the same image
	platforms diag.Memo[[]Platform]
}

var _ diag.Subject = (*Image)(nil)

// Platform is what an image is built for.
type Platform struct {
	// OS is "linux" or "windows".
	OS string `json:"os"`
	// Architecture is "amd64" or "arm64".
	Architecture string `json:"architecture"`
}

// String returns "linux/arm64".
func (p Platform) String() string { return p.OS + "/" + p.Architecture }

// ImageOption changes what an [Image] reads.
type ImageOption func(*Image)

// WithManifests lets an image read its manifest, to tell the platforms that it is built for. ECR counts that as a pull.
func WithManifests(api ManifestAPI) ImageOption { return func(i *Image) { i.manifests = api } }

// ForPlatform says what the image is to run on, in the words of ECS: a CPU architecture X86_64 or ARM64 and an
// operating system family such as LINUX or WINDOWS_SERVER_2022_CORE. Empty means Linux on X86_64, as it does in a task
// definition.
func ForPlatform(architecture, family string) ImageOption {
	return func(i *Image) {
		i.wanted = Platform{OS: "linux", Architecture: "amd64"}
		if architecture == "ARM64" {
			i.wanted.Architecture = "arm64"
		}
		if strings.HasPrefix(family, "WINDOWS") {
			i.wanted.OS = "windows"
		}
	}
}

// NewImage makes an image from its reference; the client must be one of its region.
func NewImage(api ImageAPI, ref Reference, options ...ImageOption) *Image {
	i := &Image{api: api, ref: ref, described: new(diag.Memo[*types.ImageDetail])}
	for _, option := range options {
		option(i)
	}
	return i
}

// Resource names the image; it has no ARN.
func (i *Image) Resource() diag.Resource { return i.ref.Resource() }

// Describe returns what ECR tells of the image. One that does not exist, or whose repository does not, is an error of
// [diag.KindNotFound] that wraps the SDK's.
func (i *Image) Describe(ctx context.Context) (*types.ImageDetail, error) {
	return i.described.Get(ctx, func(ctx context.Context) (*types.ImageDetail, error) {
		in := &ecr.DescribeImagesInput{RepositoryName: aws.String(i.ref.Repository),
			ImageIds: []types.ImageIdentifier{i.ref.identifier()}}
		if i.ref.Account != "" {
			in.RegistryId = aws.String(i.ref.Account)
		}
		out, err := i.api.DescribeImages(ctx, in)
		switch {
		case missingRepository(err), missingImage(err):
			return nil, diag.Errorf(diag.KindNotFound, "describing image %s: %w", i.ref, err)
		case err != nil:
			return nil, fmt.Errorf("describing image %s: %w", i.ref, err)
		case len(out.ImageDetails) == 0:
			return nil, diag.Errorf(diag.KindIncomplete, "describing image %s: the answer is empty", i.ref)
		}
		return &out.ImageDetails[0], nil
	})
}

func missingRepository(err error) bool {
	var missing *types.RepositoryNotFoundException
	return errors.As(err, &missing) || codeOf(err) == "RepositoryNotFoundException"
}

func missingImage(err error) bool {
	var missing *types.ImageNotFoundException
	return errors.As(err, &missing) || codeOf(err) == "ImageNotFoundException"
}

// codeOf returns the code of an AWS error that came without its own type, as from a recording.
func codeOf(err error) string {
	var api interface{ ErrorCode() string }
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// index reports a list of images for several platforms, by its media type ("OCI image index", "manifest list").
func index(mediaType *string) bool {
	return strings.Contains(aws.ToString(mediaType), "manifest.list") ||
		strings.Contains(aws.ToString(mediaType), "image.index")
}

// Platforms returns what a multi-platform image is built for. It is empty for an image of a single platform and where
// manifests may not be read, since nothing tells then.
func (i *Image) Platforms(ctx context.Context) ([]Platform, error) {
	detail, err := i.Describe(ctx)
	if detail == nil || i.manifests == nil || !index(detail.ImageManifestMediaType) {
		return nil, err
	}
	return i.platforms.Get(ctx, func(ctx context.Context) ([]Platform, error) {
		out, err := i.manifests.BatchGetImage(ctx, &ecr.BatchGetImageInput{RepositoryName: aws.String(i.ref.Repository),
			RegistryId: detail.RegistryId, ImageIds: []types.ImageIdentifier{i.ref.identifier()}})
		if err != nil {
			return nil, fmt.Errorf("reading manifest of image %s: %w", i.ref, err)
		}
		if len(out.Images) == 0 {
			return nil, diag.Errorf(diag.KindIncomplete, "reading manifest of image %s: the answer is empty", i.ref)
		}
		return parseIndex(aws.ToString(out.Images[0].ImageManifest))
	})
}

// parseIndex reads the platforms of an image index; attestations, whose platform is unknown, are left aside.
func parseIndex(manifest string) ([]Platform, error) {
	var parsed struct {
		Manifests []struct {
			Platform Platform `json:"platform"`
		} `json:"manifests"`
	}
	if err := json.Unmarshal([]byte(manifest), &parsed); err != nil {
		return nil, diag.Errorf(diag.KindUnreachable, "reading manifest: %w", err)
	}
	var all []Platform
	for _, m := range parsed.Manifests {
		if m.Platform.OS != "" && m.Platform.OS != "unknown" {
			all = append(all, m.Platform)
		}
	}
	return all, nil
}

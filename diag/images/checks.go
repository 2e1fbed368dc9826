package images

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	sourceImages   = "ecr:DescribeImages"
	sourceManifest = "ecr:BatchGetImage"
)

var (
	actionsImage = []string{sourceImages}
	breaksPull   = []diag.Mechanism{diag.ImagePull}
)

// ImageChecks returns the checks on an image that pull nothing.
func ImageChecks() []*diag.Check[*Image] {
	return []*diag.Check[*Image]{RepositoryMissing, TagMissing, Archived, NotRunnable, Large}
}

// PlatformChecks returns the checks that read manifests; they need [WithManifests] and [ForPlatform].
func PlatformChecks() []*diag.Check[*Image] { return []*diag.Check[*Image]{PlatformMismatch} }

func (i *Image) finding(summary string, evidence diag.Evidence, steps ...diag.Step) []diag.Finding {
	return []diag.Finding{{Summary: summary, Evidence: []diag.Evidence{evidence}, NextSteps: steps,
		Related: []diag.Related{{Resource: i.ref.repository(), Role: "repository"}}}}
}

// registry names the account of the image in a few words.
func (i *Image) registry() string {
	if i.ref.Account == "" {
		return "this account"
	}
	return strings.TrimSuffix("account "+i.ref.Account+", "+i.ref.Region, ", ")
}

// RepositoryMissing finds an image whose repository does not exist.
var RepositoryMissing = &diag.Check[*Image]{
	Info: diag.Info{
		Code: "images.repository-missing", Title: "Repository does not exist",
		Doc: "The repository that the image reference names does not exist in the registry of that account and region. " +
			"Its name is everything between the host and the tag, namespaces included.",
		Severity: diag.SeverityError, Actions: actionsImage, Breaks: breaksPull,
		Source: "Amazon ECR API Reference: DescribeImages, RepositoryNotFoundException",
	},
	Run: func(ctx context.Context, i *Image) ([]diag.Finding, error) {
		_, err := i.Describe(ctx)
		if !missingRepository(err) {
			return nil, known(err)
		}
		return i.finding(fmt.Sprintf("repository %s does not exist in %s", i.ref.Repository, i.registry()),
			diag.Evidence{Source: sourceImages, Field: "error", Value: said(err)},
			diag.Step{Text: "List the repositories there are.", Command: "aws ecr describe-repositories --query " +
				"'repositories[].repositoryName'" + strings.TrimPrefix(i.ref.flags(), "--repository-name "+i.ref.Repository)}), nil
	},
}

// TagMissing finds an image whose tag or digest does not exist in its repository.
var TagMissing = &diag.Check[*Image]{
	Info: diag.Info{
		Code: "images.tag-missing", Title: "Image does not exist",
		Doc: "The repository exists, but holds no image of that tag or digest: it was never pushed there, or deleted " +
			"since, as by a lifecycle policy.",
		Severity: diag.SeverityError, Actions: actionsImage, Breaks: breaksPull,
		Source: "Amazon ECR API Reference: DescribeImages, ImageNotFoundException",
	},
	Run: func(ctx context.Context, i *Image) ([]diag.Finding, error) {
		_, err := i.Describe(ctx)
		if !missingImage(err) {
			return nil, known(err)
		}
		return i.finding(
			fmt.Sprintf("image %s does not exist in %s", i.ref, i.registry()),
			diag.Evidence{Source: sourceImages, Field: "error", Value: said(err)},
			diag.Step{
				Text: "List the images there are, the newest last.",
				Command: "aws ecr describe-images " + i.ref.flags() +
					" --query 'sort_by(imageDetails,&imagePushedAt)[-10:].[imageTags,imagePushedAt]'",
			},
			diag.Step{Text: "Look whether a lifecycle policy deleted it.", Command: "aws ecr get-lifecycle-policy " +
				i.ref.flags()},
		), nil
	},
}

// known hides an error that says that the image does not exist, which has checks of its own.
func known(err error) error {
	if missingImage(err) || missingRepository(err) {
		return nil
	}
	return err
}

// said returns code and message of the AWS error.
func said(err error) string {
	if _, after, ok := strings.Cut(err.Error(), ": "); ok {
		return after
	}
	return err.Error()
}

// Archived finds an image that was moved to the archive storage class: it cannot be pulled from there.
var Archived = &diag.Check[*Image]{
	Info: diag.Info{
		Code: "images.archived", Title: "Image is archived",
		Doc:      "The image is in the archive storage class of ECR, or on its way back: it cannot be pulled until it is active.",
		Severity: diag.SeverityError, Actions: actionsImage, Breaks: breaksPull,
		Source: "Amazon ECR API Reference: ImageDetail.imageStatus",
	},
	Run: func(ctx context.Context, i *Image) ([]diag.Finding, error) {
		detail, err := i.Describe(ctx)
		if detail == nil || !archived(detail.ImageStatus) {
			return nil, known(err)
		}
		found := i.finding(fmt.Sprintf("image %s is %s and cannot be pulled", i.ref, detail.ImageStatus),
			diag.Evidence{Source: sourceImages, Field: "imageStatus", Value: string(detail.ImageStatus),
				At: aws.ToTime(detail.LastArchivedAt)},
			diag.Step{Text: "Restore it.", Changes: true, Command: "aws ecr update-image-storage-class " +
				strings.Replace(
					i.ref.imageFlags(),
					"--image-ids",
					"--image-id",
					1,
				) + " --target-storage-class STANDARD"})
		found[0].Since = aws.ToTime(detail.LastArchivedAt)
		return found, nil
	},
}

func archived(status types.ImageStatus) bool {
	switch status {
	case types.ImageStatusArchived, types.ImageStatusActivating:
		return true
	case types.ImageStatusActive:
	}
	return false
}

// runnable are the media types of the configuration of a container image ("Media types" of the OCI image
// specification, "Image manifest V 2, schema 2").
var runnable = []string{"application/vnd.docker.container.image.v1+json", "application/vnd.oci.image.config.v1+json"}

// NotRunnable finds an artifact that is no container image, such as a Helm chart or a signature.
var NotRunnable = &diag.Check[*Image]{
	Info: diag.Info{
		Code: "images.not-runnable", Title: "Artifact is no container image",
		Doc: "What the reference names is an artifact of another kind, by the media type of its configuration: a chart, " +
			"a signature, an attestation. No container can run it.",
		Severity: diag.SeverityWarning, Confidence: diag.Likely, Actions: actionsImage, Breaks: breaksPull,
		Source: "Amazon ECR API Reference: ImageDetail.artifactMediaType",
	},
	Run: func(ctx context.Context, i *Image) ([]diag.Finding, error) {
		detail, err := i.Describe(ctx)
		if detail == nil {
			return nil, known(err)
		}
		media := aws.ToString(detail.ArtifactMediaType)
		if media == "" || index(detail.ArtifactMediaType) || slices.Contains(runnable, media) {
			return nil, nil
		}
		return i.finding(fmt.Sprintf("%s is no container image but %s", i.ref, media),
			diag.Evidence{Source: sourceImages, Field: "artifactMediaType", Value: media},
			diag.Step{Text: "Look at the artifact.", Command: "aws ecr describe-images " + i.ref.imageFlags()}), nil
	},
}

// PlatformMismatch finds a multi-platform image without the platform that it is to run on.
var PlatformMismatch = &diag.Check[*Image]{
	Info: diag.Info{
		Code: "images.platform-mismatch", Title: "Image not built for the platform",
		Doc:      "The image is built for several platforms, and the one of the task definition is not among them.",
		Severity: diag.SeverityError, Actions: []string{sourceImages, sourceManifest}, Breaks: breaksPull,
		Limits: "An image for a single platform does not tell which; its manifest is read only if that is allowed.",
		Source: "OCI Image Index Specification; Amazon ECS API Reference: RuntimePlatform",
	},
	Run: func(ctx context.Context, i *Image) ([]diag.Finding, error) {
		built, err := i.Platforms(ctx)
		if len(built) == 0 || i.wanted == (Platform{}) || slices.Contains(built, i.wanted) {
			return nil, known(err)
		}
		var names []string
		for _, p := range built {
			names = append(names, p.String())
		}
		slices.Sort(names)
		list := strings.Join(slices.Compact(names), ", ")
		return i.finding(fmt.Sprintf("image %s is built for %s, not for %s", i.ref, list, i.wanted),
			diag.Evidence{Source: sourceManifest, Field: "manifests[].platform", Value: list},
			diag.Step{Text: "Build it for the platform, or change runtimePlatform in the task definition."}), nil
	},
}

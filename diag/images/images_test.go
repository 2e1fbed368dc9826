package images_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/images"
	"github.com/awsdiag/awsdiag/diag/images/imagesfake"
)

var reference = images.Reference{Account: imagesfake.Account, Region: "eu-west-1", Repository: "team/app", Tag: "v1"}

const indexType = "application/vnd.oci.image.index.v1+json"

// registry holds one image of the reference.
func registry(edits ...func(*imagesfake.Client)) *imagesfake.Client {
	c := &imagesfake.Client{Images: []types.ImageDetail{imagesfake.Image("team/app", "v1", "latest")}}
	for _, edit := range edits {
		edit(c)
	}
	return c
}

func world(edits ...func(*imagesfake.Client)) diagtest.World[*images.Image] {
	return func() (*images.Image, []diagfake.Fake) {
		c := registry(edits...)
		return images.NewImage(
				c,
				reference,
				images.WithManifests(c),
				images.ForPlatform("ARM64", "LINUX"),
			), []diagfake.Fake{
				c,
			}
	}
}

// built makes the image one for several platforms.
func built(platforms ...string) func(*imagesfake.Client) {
	return func(c *imagesfake.Client) {
		c.Images[0].ImageManifestMediaType, c.Images[0].ArtifactMediaType = aws.String(indexType), nil
		manifest := `{"manifests":[{"platform":{"os":"unknown","architecture":"unknown"}}`
		for _, p := range platforms {
			manifest += fmt.Sprintf(`,{"platform":{"os":"linux","architecture":%q}}`, p)
		}
		c.Manifests = map[string]string{*c.Images[0].ImageDigest: manifest + "]}"}
	}
}

func TestConform(t *testing.T) {
	broken := map[diag.Code]func(*imagesfake.Client){
		"images.repository-missing": func(c *imagesfake.Client) { c.Images = nil },
		"images.tag-missing":        func(c *imagesfake.Client) { c.Images[0].ImageTags = []string{"v2"} },
		"images.archived":           func(c *imagesfake.Client) { c.Images[0].ImageStatus = types.ImageStatusArchived },
		"images.not-runnable": func(c *imagesfake.Client) {
			c.Images[0].ArtifactMediaType = aws.String("application/vnd.cncf.helm.config.v1+json")
		},
		"images.platform-mismatch": built("amd64"),
		"images.large":             func(c *imagesfake.Client) { c.Images[0].ImageSizeInBytes = aws.Int64(3 << 30) },
	}
	for _, check := range append(images.ImageChecks(), images.PlatformChecks()...) {
		require.Contains(t, broken, check.Code)
		healthy := world(built("amd64", "arm64"))
		diagtest.Conform(t, check, diagtest.Worlds[*images.Image]{Healthy: healthy, Broken: world(broken[check.Code])})
	}
	diagtest.ReadOnly[images.ImageAPI](t)
	diagtest.ReadOnly[images.ManifestAPI](t)
}

// TestRepositoryNames: nested repositories, digests, other accounts and partitions are looked up as they are.
func TestRepositoryNames(t *testing.T) {
	app := imagesfake.Image("team/app", "v1")
	other := imagesfake.Image("base/nginx", "1.27")
	other.RegistryId = aws.String("999988887777")
	c := &imagesfake.Client{Images: []types.ImageDetail{app, other, imagesfake.Image("app", "v9")}}
	for _, ref := range []images.Reference{
		{Account: imagesfake.Account, Repository: "team/app", Tag: "v1"},
		{Account: imagesfake.Account, Repository: "team/app", Digest: *app.ImageDigest},
		{Account: imagesfake.Account, Repository: "team/app", Tag: "gone", Digest: *app.ImageDigest},
		{Account: "999988887777", Region: "cn-north-1", Repository: "base/nginx", Tag: "1.27"},
	} {
		report := diagtest.Run(t, images.NewImage(c, ref), images.ImageChecks()...)
		require.NoError(t, report.Err())
		assert.Empty(t, report.Findings, ref)
	}
	in := c.Calls()[len(c.Calls())-1].Input.(*ecr.DescribeImagesInput)
	assert.Equal(t, "999988887777", aws.ToString(in.RegistryId))
	missing := images.NewImage(c, images.Reference{Account: imagesfake.Account, Repository: "base/nginx", Tag: "1.27"})
	f := diagtest.Only(t, diagtest.Run(t, missing, images.ImageChecks()...), "images.repository-missing")
	assert.Equal(t, "repository base/nginx does not exist in account 111122223333", f.Summary)
}

func TestLatestIsTheDefault(t *testing.T) {
	ref := images.Reference{Repository: "team/app"}
	assert.Empty(t, diagtest.Run(t, images.NewImage(registry(), ref), images.ImageChecks()...).Findings)
	assert.Equal(t, "team/app:latest", images.NewImage(registry(), ref).Resource().ID)
}

func TestReferenceOf(t *testing.T) {
	for _, ref := range []images.Reference{
		reference,
		{Account: "1", Region: "r", Repository: "a/b/c", Digest: "sha256:00ff"},
	} {
		assert.Equal(t, ref, images.ReferenceOf(ref.Resource()))
	}
}

// TestDeniedIsNotMissing: an image that may not be looked at may exist.
func TestDeniedIsNotMissing(t *testing.T) {
	c := registry()
	c.Deny("ecr:DescribeImages")
	report := diagtest.Run(t, images.NewImage(c, reference), images.ImageChecks()...)
	assert.Empty(t, report.Findings)
	require.Len(t, report.Inconclusive, len(images.ImageChecks()))
	assert.Equal(t, diag.KindDenied, report.Inconclusive[0].Kind)
}

// TestRecordedErrors: an error of a saved world has a code and no type.
func TestRecordedErrors(t *testing.T) {
	for code, want := range map[string]diag.Code{"ImageNotFoundException": "images.tag-missing",
		"RepositoryNotFoundException": "images.repository-missing"} {
		c := registry()
		c.FailWhen("ecr:DescribeImages", func(any) bool { return true }, diagfake.APIError(code, "not there"))
		f := diagtest.Only(t, diagtest.Run(t, images.NewImage(c, reference), images.ImageChecks()...), want)
		assert.Contains(t, f.Evidence[0].Value, "not there")
	}
}

func TestPlatforms(t *testing.T) {
	for _, c := range []struct {
		name, architecture, family string
		edit                       func(*imagesfake.Client)
		say                        string
	}{
		{"fits", "ARM64", "LINUX", built("amd64", "arm64"), ""},
		{"not among them", "ARM64", "LINUX", built("amd64"),
			"image team/app:v1 is built for linux/amd64, not for linux/arm64"},
		{"Windows", "X86_64", "WINDOWS_SERVER_2022_CORE", built("amd64"), "not for windows/amd64"},
		{"default", "", "", built("amd64"), ""},
		{"single platform", "ARM64", "LINUX", func(*imagesfake.Client) {}, ""},
	} {
		client := registry(c.edit)
		image := images.NewImage(
			client,
			reference,
			images.WithManifests(client),
			images.ForPlatform(c.architecture, c.family),
		)
		report := diagtest.Run(t, image, images.PlatformMismatch)
		require.NoError(t, report.Err())
		if c.say == "" {
			assert.Empty(t, report.Findings, c.name)
			continue
		}
		assert.Contains(t, diagtest.Only(t, report, "images.platform-mismatch").Summary, c.say, c.name)
	}
}

// TestNothingIsPulledUnasked: manifests are read only where that is allowed.
func TestNothingIsPulledUnasked(t *testing.T) {
	c := registry(built("amd64"))
	diagtest.Run(t, images.NewImage(c, reference, images.ForPlatform("ARM64", "")), append(images.ImageChecks(),
		images.PlatformChecks()...)...)
	require.Len(t, c.Calls(), 1)
	assert.Equal(t, "ecr:DescribeImages", c.Calls()[0].Action)
}

func TestManifestsThatTellNothing(t *testing.T) {
	for _, manifest := range []string{"", "no json"} {
		c := registry(built("amd64"))
		c.Manifests = map[string]string{*c.Images[0].ImageDigest: manifest}
		report := diagtest.Run(
			t,
			images.NewImage(c, reference, images.WithManifests(c), images.ForPlatform("", "")),
			images.PlatformMismatch,
		)
		assert.Error(t, report.Err())
	}
}

func TestStatuses(t *testing.T) {
	for _, status := range types.ImageStatus("").Values() {
		c := registry(func(c *imagesfake.Client) { c.Images[0].ImageStatus = status })
		found := diagtest.Run(t, images.NewImage(c, reference), images.Archived).Findings
		assert.Equal(t, status != types.ImageStatusActive, len(found) == 1, status)
	}
	assert.Len(t, types.ImageStatus("").Values(), 3, "a new status must be thought about")
}

func TestMerge(t *testing.T) {
	c := new(imagesfake.Client)
	for range 2 {
		assert.True(t, c.Merge(nil, &ecr.DescribeImagesOutput{ImageDetails: registry().Images}))
		assert.True(t, c.Merge(nil, &ecr.DescribeRepositoriesOutput{Repositories: []types.Repository{{
			RepositoryArn: aws.String(
				"arn:empty",
			), RepositoryName: aws.String("empty"), RegistryId: aws.String(imagesfake.Account)}}}))
	}
	assert.Len(t, c.Images, 1)
	assert.Len(t, c.Repositories, 1)
	assert.False(t, c.Merge(nil, nil))
	empty := images.Reference{Account: imagesfake.Account, Repository: "empty", Tag: "v1"}
	diagtest.Only(t, diagtest.Run(t, images.NewImage(c, empty), images.ImageChecks()...), "images.tag-missing")
	all, err := c.DescribeImages(t.Context(), &ecr.DescribeImagesInput{RepositoryName: aws.String("team/app")})
	require.NoError(t, err)
	assert.Len(t, all.ImageDetails, 1)
}

func ExampleNewImage() {
	registry := &imagesfake.Client{Images: []types.ImageDetail{imagesfake.Image("team/app", "v1")}}
	image := images.NewImage(registry, images.Reference{Account: imagesfake.Account, Repository: "team/app", Tag: "v2"})
	report := diag.Run(context.Background(), diag.On(image, images.ImageChecks()...))
	for _, f := range report.Findings {
		fmt.Println(f.Code, f.Summary)
	}
	// Output: images.tag-missing image team/app:v2 does not exist in account 111122223333
}

// TestFitSharesWhatIsKnown: an image on two platforms is described once, and its manifest is read for each.
func TestFitSharesWhatIsKnown(t *testing.T) {
	c := registry(built("amd64"))
	image := images.NewImage(c, reference)
	diagtest.Want(t, diagtest.Run(t, image.On(c, "", ""), images.FitChecks()...))
	fit := image.On(c, "ARM64", "LINUX")
	assert.Equal(t, "team/app:v1 on linux/arm64", fit.Resource().ID)
	f := diagtest.Only(t, diagtest.Run(t, fit, images.FitChecks()...), "images.platform-mismatch")
	assert.Equal(t, "team/app:v1", f.Resource.ID)
	described := 0
	for _, call := range c.Calls() {
		if call.Action == "ecr:DescribeImages" {
			described++
		}
	}
	assert.Equal(t, 1, described)
}

func TestConformFit(t *testing.T) {
	on := func(edit func(*imagesfake.Client)) diagtest.World[*images.Fit] {
		return func() (*images.Fit, []diagfake.Fake) {
			c := registry(edit)
			return images.NewImage(c, reference).On(c, "ARM64", "LINUX"), []diagfake.Fake{c}
		}
	}
	for _, check := range images.FitChecks() {
		diagtest.Conform(t, check, diagtest.Worlds[*images.Fit]{Healthy: on(built("amd64", "arm64")),
			Broken: on(built("amd64"))})
	}
}

func TestLarge(t *testing.T) {
	for size, found := range map[int64]int{1<<30 - 1: 0, 1 << 30: 1} {
		c := registry(func(c *imagesfake.Client) { c.Images[0].ImageSizeInBytes = aws.Int64(size) })
		assert.Len(t, diagtest.Run(t, images.NewImage(c, reference), images.Large).Findings, found, size)
	}
}

package images

import (
	"context"

	"github.com/awsdiag/awsdiag/diag"
)

// Fit is an image and the platform that a consumer runs it on. Make one with [Image.On].
type Fit struct{ image *Image }

var _ diag.Subject = (*Fit)(nil)

// On returns the image as something that is to run on a platform, in the words of [ForPlatform]. Its check reads the
// manifest of a multi-platform image, which ECR counts as a pull; what else ECR tells of the image is asked once for
// all.
func (i *Image) On(manifests ManifestAPI, architecture, family string) *Fit {
	fit := &Image{api: i.api, manifests: manifests, ref: i.ref, described: i.described}
	ForPlatform(architecture, family)(fit)
	return &Fit{fit}
}

// Resource names the image with its platform; findings are about the image.
func (f *Fit) Resource() diag.Resource {
	r := f.image.Resource()
	r.ID += " on " + f.image.wanted.String()
	return r
}

// FitChecks returns the checks on an image and its platform.
func FitChecks() []*diag.Check[*Fit] {
	return []*diag.Check[*Fit]{{Info: PlatformMismatch.Info,
		Run: func(ctx context.Context, f *Fit) ([]diag.Finding, error) {
			found, err := PlatformMismatch.Run(ctx, f.image)
			for i := range found {
				found[i].Resource = f.image.Resource()
			}
			return found, err
		}}}
}

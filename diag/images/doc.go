// Package images looks at container images in Amazon ECR: whether what a task definition names exists, can be pulled
// and fits the platform it is to run on.
//
// An [Image] is made from the resource that package ecsdiag links a service to when pulls fail, or from a reference:
//
//	ref := images.Reference{Account: "111122223333", Region: "eu-west-1", Repository: "team/app", Tag: "v1"}
//	image := images.NewImage(ecr.NewFromConfig(cfg), ref)
//	report := diag.Run(ctx, diag.On(image, images.ImageChecks()...))
//
// The client must be one of the reference's region; the account may be another one, whose repository policy then
// decides what can be seen.
//
// # What is not asked
//
// Nothing is pulled. ECR tells the platforms of a multi-platform image only by its manifest, and reading that counts as
// a pull: it renews the time of the last one, which lifecycle policies may go by. So [PlatformMismatch] looks only
// where [Image.On] asks for a platform or [WithManifests] allows it. The platform of an image for a single one stands
// in a layer, out of sight.
package images

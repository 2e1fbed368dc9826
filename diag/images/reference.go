package images

import (
	"cmp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/awsdiag/awsdiag/diag"
)

// TypeImage names an image as a resource. CloudFormation has no type for it; the name follows the others.
const TypeImage = "AWS::ECR::Image"

const typeRepository = "AWS::ECR::Repository"

// Reference names an image in a private ECR registry.
type Reference struct {
	// Account and Region are those of the registry.
	Account, Region string
	// Repository is the whole name with its namespaces: "team/app".
	Repository string
	// Tag and Digest may both be empty, which means the tag "latest". Where both are given the digest counts, as it does
	// for who pulls.
	Tag, Digest string
}

// ReferenceOf reads a reference from a resource of [TypeImage], whose id is "repository:tag" or "repository@digest".
func ReferenceOf(r diag.Resource) Reference {
	ref := Reference{Account: r.Account, Region: r.Region}
	rest, digest, _ := strings.Cut(r.ID, "@")
	ref.Digest = digest
	ref.Repository, ref.Tag, _ = strings.Cut(rest, ":") // a repository name has no colon
	return ref
}

// Resource names the image.
func (r Reference) Resource() diag.Resource {
	return diag.Resource{Type: TypeImage, ID: r.String(), Account: r.Account, Region: r.Region}
}

// String returns "team/app:v1" or "team/app@sha256:…", without the registry.
func (r Reference) String() string {
	if r.Digest != "" {
		return r.Repository + "@" + r.Digest
	}
	return r.Repository + ":" + r.tag()
}

func (r Reference) tag() string { return cmp.Or(r.Tag, "latest") }

func (r Reference) repository() diag.Resource {
	return diag.Resource{Type: typeRepository, ID: r.Repository, Account: r.Account, Region: r.Region}
}

// identifier is how ECR is asked for the image.
func (r Reference) identifier() types.ImageIdentifier {
	if r.Digest != "" {
		return types.ImageIdentifier{ImageDigest: aws.String(r.Digest)}
	}
	return types.ImageIdentifier{ImageTag: aws.String(r.tag())}
}

// flags are the arguments of an AWS CLI command about the repository.
func (r Reference) flags() string {
	flags := "--repository-name " + r.Repository
	if r.Account != "" {
		flags += " --registry-id " + r.Account
	}
	if r.Region != "" {
		flags += " --region " + r.Region
	}
	return flags
}

// imageFlags are those with the image.
func (r Reference) imageFlags() string {
	if r.Digest != "" {
		return r.flags() + " --image-ids imageDigest=" + r.Digest
	}
	return r.flags() + " --image-ids imageTag=" + r.tag()
}

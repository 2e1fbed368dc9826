package ecsdiag

import (
	"cmp"
	"regexp"
	"strings"
)

// Image is an image reference in its parts.
type Image struct {
	// Registry is the host, with a port if it has one; empty for Docker Hub.
	Registry string
	// Repository is the path without host: "team/app".
	Repository string
	// Tag and Digest are as written; both may be empty, which means the tag "latest".
	Tag, Digest string
	// Account and Region are those of a private ECR registry; empty for any other.
	Account, Region string
}

// ecrHost is the host of a private ECR registry, in any partition, with FIPS and dual-stack forms ("Amazon ECR private
// registry"; "Amazon ECR endpoints and quotas").
var ecrHost = regexp.MustCompile(`^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn|c2s\.ic\.gov|sc2s\.sgov\.gov)$`)

// ParseImage takes an image reference of a container definition apart, by the grammar of the distribution
// specification:
// "[registry/]repository[:tag][@digest]".
func ParseImage(ref string) Image {
	var i Image
	ref, i.Digest, _ = strings.Cut(ref, "@")
	if first, rest, ok := strings.Cut(ref, "/"); ok && (strings.ContainsAny(first, ".:") || first == "localhost") {
		i.Registry, ref = first, rest
	}
	if at := strings.LastIndex(ref, ":"); at > strings.LastIndex(ref, "/") {
		ref, i.Tag = ref[:at], ref[at+1:]
	}
	i.Repository = ref
	if m := ecrHost.FindStringSubmatch(i.Registry); m != nil {
		i.Account, i.Region = m[1], m[2]
	}
	return i
}

// name returns what the image is called in its registry: "team/app:v1", or by its digest where it has one.
func (i Image) name() string {
	if i.Digest != "" {
		return i.Repository + "@" + i.Digest
	}
	return i.Repository + ":" + cmp.Or(i.Tag, "latest")
}

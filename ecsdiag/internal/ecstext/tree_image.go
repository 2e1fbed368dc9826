package ecstext

// imageRules follow "CannotPullContainer task errors in Amazon ECS". Refusals come before what is missing: registries
// say "repository does not exist or may require docker login" when they refuse.
var imageRules = []rule{
	{cause: ImageRateLimited, when: terms{"toomanyrequests|pull rate limit"}},
	{cause: ImagePullOther, when: terms{imageWords}, not: "cannotcreatecontainer|cannotstartcontainer", more: []rule{
		{cause: ImageRateLimited, when: terms{"too many requests|=429|rate limit|rate exceeded|throttl"}},
		{cause: ImageDiskFull, when: terms{"no space left|disk quota|disk full|not enough space|insufficient disk"}},
		{cause: ImagePlatform, when: terms{"matching platform|match for platform|no matching manifest|specified platform|" +
			"cannot be used on this platform|unsupported platform|operating system|architecture"}},
		{cause: ImageReference, when: terms{"invalid reference|must be lowercase|reference format|could not parse image"}},
		{cause: RegistryAuthExpired, when: terms{"token", "expired"}},
		{when: terms{"getauthorizationtoken|authorization token|registry auth"}, more: registryAuthRules},
		{cause: ImagePullNetwork, when: terms{"connection issue"}},
		{cause: ImagePullDenied, when: terms{denied + "|docker login|insufficient_scope|insufficient scope|no basic auth|" +
			"authentication required|incorrect username|role has the permissions|credentials"}},
		{cause: ImageNotFound, when: terms{missing + "|=404|manifest unknown|manifest_unknown|name unknown|name_unknown|" +
			"manifestunknown|nameunknown|nosuchimage|no such image|whether the image exists|repository_not_found"},
			not: unresolved},
		{cause: ImagePullTLS, when: terms{"x509|certificate"}},
		{cause: ImagePullDNS, when: terms{unresolved + "|lookup "}}, // even if the name server did not answer in time
		{cause: ImagePullNetwork, when: terms{unreached + "|nil pointer dereference|=502|=503|=504|" +
			"waiting for connection|closed network connection|proxyconnect"}},
		{cause: ImagePullDenied, when: terms{"=denied"}},
	}},
}

const imageWords = "cannotpull|cannot pull|cant pull|pull image|pull access denied|pull command failed|pulling image|" +
	"failed to pull|unable to pull|image pull|manifest|resolve ref|ref pull|failed to copy:|failed to resolve reference|" +
	"docker login|getimageblob|httpreadseeker|httpreaderseeker|insufficient_scope|/docker/tmp/|no match for platform|" +
	"ecr:batchgetimage|ecr:getdownloadurlforlayer|no basic auth|error parsing http 404|invalid reference format"

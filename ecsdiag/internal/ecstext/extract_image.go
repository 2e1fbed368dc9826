package ecstext

import (
	"regexp"
	"strings"
	"unicode"
)

const imageName = `[\w.*-]+(?:/[\w.*-]+)*(?::[\w.*-]+)?(?:@sha256:[0-9a-f]+)?`

var (
	// hostedImage is a word that begins with an image and its registry.
	hostedImage = regexp.MustCompile(`^[\w*-]+(?:\.[\w*-]+)+(?::\d+)?/` + imageName)
	// statedImage is an image without a registry, after words that only an image follows.
	statedImage = regexp.MustCompile(`(?i)(?:access denied for|manifest for|no such image:?|resolve ref(?:erence)?) ` +
		`\\?["']?(` + imageName + `)|\bimage:? \\?["'‘](` + imageName + `)\\?["'’]`)
	// servedImage is an image in the address by which a registry serves it (OCI distribution specification: "/v2/<name>/
	// manifests/<reference>").
	servedImage = regexp.MustCompile(`https?://([\w.:-]+)/v2/([\w./-]+)/(?:manifests|blobs)/`)
	// statedRepository is ECR's "The repository with name 'x' does not exist".
	statedRepository = regexp.MustCompile(`(?i)\brepository (?:with name )?\\?["'‘]([\w./-]+)\\?["'’]`)
)

func (f *Fields) addImage(text, lower string) {
	if !anyOf(lower, "image|pull|manifest|resolve ref|repository") {
		return
	}
	if f.Image = findImage(text); f.Image != "" {
		f.Registry, f.Repository, f.Tag = splitImage(f.Image)
	}
	if m := statedRepository.FindStringSubmatch(text); m != nil {
		keep(&f.Repository, m[1])
	}
	if m := servedImage.FindStringSubmatch(text); m != nil && f.Image == "" {
		keep(&f.Registry, m[1])
		keep(&f.Repository, m[2])
	}
}

func findImage(text string) string {
	for word := range strings.FieldsFuncSeq(text, besidesImage) {
		if image := hostedImage.FindString(word); image != "" {
			return strings.TrimRight(image, ".")
		}
	}
	if m := statedImage.FindStringSubmatch(text); m != nil {
		return firstGroup(m)
	}
	return ""
}

// besidesImage tells what can stand before or after an image in a sentence. URLs and file paths stay whole words, and
// are no images: they begin with a scheme or a slash.
func besidesImage(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("\"'`‘’“”\\()[]{}<>,;", r)
}

// splitImage takes the first part as the registry if it can be a host, as Docker does.
func splitImage(image string) (registry, repository, tag string) {
	name, digest, hasDigest := strings.Cut(image, "@")
	if host, path, ok := strings.Cut(name, "/"); ok && (strings.ContainsAny(host, ".:") || host == "localhost") {
		registry, name = host, path
	}
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
		name, tag = name[:i], name[i+1:]
	}
	if hasDigest {
		tag = digest
	}
	return registry, name, tag
}

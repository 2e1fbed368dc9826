package guest

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strings"
)

// OutputBucket fetches an object of the bucket that keeps outputs. Whoever has a client of S3 makes one in a few lines;
// this package links none.
type OutputBucket interface {
	// Fetch returns the content of an object. The caller closes it.
	Fetch(ctx context.Context, bucket, key string) (io.ReadCloser, error)
}

// FollowOutput makes outputs that Systems Manager cut be fetched whole from the bucket that [KeepOutput] names.
func FollowOutput(from OutputBucket) Option { return func(f *Fleet) { f.whole = from } }

// maxWhole bounds what is read of an output in the bucket: 16 MiB.
const maxWhole = 16 << 20

// follow replaces what Systems Manager cut by the whole of it. Where that fails, what there is stays and FollowErr says
// why.
func (f *Fleet) follow(ctx context.Context, o *Output) {
	if f.whole == nil || !o.Truncated {
		return
	}
	cut := false
	for _, stream := range []struct {
		text *string
		url  string
		max  int
	}{{&o.Stdout, o.StdoutURL, maxStdout}, {&o.Stderr, o.StderrURL, maxStderr}} {
		if !isCut(*stream.text, stream.max) {
			continue
		}
		text, whole, err := f.object(ctx, stream.url)
		if err != nil {
			o.FollowErr, cut = err, true
			continue
		}
		*stream.text, cut = text, cut || !whole
	}
	o.Truncated = cut
}

// object reads an object by its URL; whole is false where it is longer than is read.
func (f *Fleet) object(ctx context.Context, location string) (text string, whole bool, err error) {
	key, err := objectKey(location, f.bucket)
	if err != nil {
		return "", false, err
	}
	body, err := f.whole.Fetch(ctx, f.bucket, key)
	if err != nil {
		return "", false, fmt.Errorf("fetching s3://%s/%s: %w", f.bucket, key, err)
	}
	defer body.Close()
	all, err := io.ReadAll(io.LimitReader(body, maxWhole+1))
	if err != nil {
		return "", false, fmt.Errorf("reading s3://%s/%s: %w", f.bucket, key, err)
	}
	return string(all[:min(len(all), maxWhole)]), len(all) <= maxWhole, nil
}

// objectKey returns the key in a URL of GetCommandInvocation, which names the bucket in its path or in its host
// ("Methods for accessing a bucket", Amazon S3 user guide).
func objectKey(location, bucket string) (string, error) {
	u, err := url.Parse(location)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("the output's location %q is no URL", location)
	}
	path := strings.TrimPrefix(u.Path, "/")
	if !strings.HasPrefix(u.Host, bucket+".") {
		var ok bool
		if path, ok = strings.CutPrefix(path, bucket+"/"); !ok {
			return "", fmt.Errorf("the output's location %q is not in bucket %s", location, bucket)
		}
	}
	if path == "" {
		return "", fmt.Errorf("the output's location %q names no object", location)
	}
	return path, nil
}

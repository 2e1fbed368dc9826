package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/guard"
	"github.com/awsdiag/awsdiag/diag/probe"
	"github.com/awsdiag/awsdiag/triage"
)

const (
	// credentialsTime bounds the search for credentials: outside EC2 the SDK waits for a metadata service that is not
	// there.
	credentialsTime = 15 * time.Second
	// localRegion and localReason stand in for a server on this machine, which has neither.
	localRegion = "us-east-1"
	localReason = "a server on this machine"
)

// connect makes guarded clients: nothing but reads gets through, and each call is accounted for.
func (q *question) connect(ctx context.Context, stderr io.Writer) (*source, error) {
	local, err := q.local()
	if err != nil {
		return nil, err
	}
	if q.reason == "" && !local {
		return nil, errors.New("-reason is missing: say why the account is read, such as a ticket")
	}
	cfg, err := q.config(ctx, local)
	if err != nil {
		return nil, err
	}
	audit, closeAudit, err := q.openAudit(stderr)
	if err != nil {
		return nil, err
	}
	g, err := guard.New(guard.Options{Reason: q.why(), Audit: audit, Record: q.record})
	if err != nil {
		return nil, errors.Join(err, closeAudit())
	}
	account, err := q.identify(ctx, cfg, audit)
	if err != nil {
		return nil, errors.Join(err, closeAudit())
	}
	scope, err := triage.NewScope(ctx, g.Config(cfg, account), func(o *triage.ScopeOptions) {
		o.CloudWatch = append(o.CloudWatch, protocols[q.protocol])
	})
	if err != nil {
		return nil, errors.Join(err, closeAudit())
	}
	if q.probe {
		scope.Clients.Probe = probe.Local{}
	}
	return &source{scope: scope, close: func() error { return errors.Join(g.Close(), closeAudit()) }}, nil
}

func (q *question) why() string { return firstOf(q.reason, localReason) }

// identify asks who the caller is, under a guard of its own: audit and record name the account from the next call on.
func (q *question) identify(ctx context.Context, cfg aws.Config, audit slog.Handler) (account string, err error) {
	g, err := guard.New(guard.Options{Reason: q.why(), Audit: audit})
	if err != nil {
		return "", err
	}
	out, err := sts.NewFromConfig(g.Config(cfg, "")).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", q.refused(cfg, err)
	}
	return aws.ToString(out.Account), g.Close()
}

func (q *question) refused(cfg aws.Config, err error) error {
	switch diag.KindOf(err) {
	case diag.KindDenied:
		return fmt.Errorf("the credentials are refused in %s: %w; give -profile or others in the environment", cfg.Region,
			err)
	case diag.KindUnreachable:
		return fmt.Errorf("no answer from %s in -region %q: %w; want a region's code such as eu-west-1",
			firstOf(q.endpoint, "AWS"), cfg.Region, err)
	}
	return fmt.Errorf("asking who the caller is in %s: %w", cfg.Region, err)
}

// local reports an endpoint on this machine, and one that is none.
func (q *question) local() (bool, error) {
	if q.endpoint == "" {
		if given, ok := q.has("cloudwatch-protocol"); ok && q.protocol != protocolCBOR {
			return false, fmt.Errorf("%s is for another server than AWS: give -endpoint, or leave it out", given)
		}
		return false, nil
	}
	u, err := url.Parse(q.endpoint)
	if err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return false, fmt.Errorf("-endpoint %q: want a URL such as http://127.0.0.1:5000", q.endpoint)
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || (ip != nil && ip.IsLoopback()), nil
}

var regionCode = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$`)

// config reads the user's AWS configuration.
func (q *question) config(ctx context.Context, local bool) (aws.Config, error) {
	if q.region != "" && !regionCode.MatchString(q.region) {
		return aws.Config{}, fmt.Errorf("-region %q: want a region's code such as eu-west-1", q.region)
	}
	options := []func(*config.LoadOptions) error{config.WithRegion(q.region), config.WithSharedConfigProfile(q.profile),
		config.WithLogger(logging.Nop{})}
	if q.endpoint != "" {
		options = append(options, config.WithBaseEndpoint(q.endpoint))
	}
	if local && q.profile == "" && os.Getenv("AWS_ACCESS_KEY_ID") == "" && os.Getenv("AWS_PROFILE") == "" {
		options = append(options,
			config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider("local", "local", "")))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	var missing config.SharedConfigProfileNotExistError
	switch {
	case errors.As(err, &missing):
		return aws.Config{}, fmt.Errorf("-profile %q: no such profile; want one that aws configure list-profiles names",
			missing.Profile)
	case err != nil:
		return aws.Config{}, fmt.Errorf("reading the AWS configuration: %w", err)
	}
	if cfg.Region == "" && local {
		cfg.Region = localRegion
	}
	if cfg.Region == "" {
		return aws.Config{},
			errors.New("-region is missing: want a region's code such as eu-west-1, also from AWS_REGION or the profile")
	}
	return cfg, checkCredentials(ctx, cfg)
}

// checkCredentials finds out early, and in few words, that there are none.
func checkCredentials(ctx context.Context, cfg aws.Config) error {
	ctx, cancel := context.WithTimeout(ctx, credentialsTime)
	defer cancel()
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return fmt.Errorf("no credentials: want those of -profile, AWS_PROFILE, AWS_ACCESS_KEY_ID or a role: %w", err)
	}
	return nil
}

// openAudit returns where the calls are written to; nil if nowhere.
func (q *question) openAudit(stderr io.Writer) (slog.Handler, func() error, error) {
	none := func() error { return nil }
	switch {
	case q.audit != "" && q.verbose:
		return nil, nil, errors.New("-audit and -v: give one of them")
	case q.audit != "":
		file, err := os.OpenFile(q.audit, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, nil, fmt.Errorf("-audit: %w", err)
		}
		return slog.NewJSONHandler(file, nil), file.Close, nil
	case q.verbose:
		return slog.NewTextHandler(stderr, nil), none, nil
	}
	return nil, none, nil
}

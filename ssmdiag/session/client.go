package session

import (
	"log/slog"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

// maxReason is the length of Reason ("StartSession", Systems Manager API Reference).
const maxReason = 256

// Options says how sessions are made.
type Options struct {
	// Reason says why somebody opens the session. It is mandatory, 1 to 256 characters, stands in the session history
	// of Systems Manager and in CloudTrail, and in every record of Audit.
	Reason string
	// KMS gives the data key where the preferences encrypt sessions. Without it such a session fails with
	// ErrPreferences.
	KMS KMSAPI
	// Audit gets a record when a session starts, fails to start, is resumed and ends. Nil writes none.
	Audit slog.Handler
	// Credentials sign the request that opens the data channel, which a policy may ask for. Nil does not sign; the
	// token alone opens it.
	Credentials aws.CredentialsProvider
	// Region to sign for. Empty takes it from the address of the data channel.
	Region string
	// HTTPClient opens the data channel, for proxies and private authorities. Nil takes http.DefaultClient.
	HTTPClient *http.Client
}

// Client opens sessions. Its methods may be called from several goroutines.
type Client struct {
	api     API
	options Options
	closing time.Duration // how long the service may take to close a session whose command has ended
}

// New makes a client. It gives ErrReason without a reason. api may be nil for ECS Exec alone: a session then ends with
// its connection, and is left to the service's idle timeout.
func New(api API, options Options) (*Client, error) {
	if n := utf8.RuneCountInString(options.Reason); n == 0 || n > maxReason {
		return nil, diag.Errorf(diag.KindInvalid, "making a session client: %w, not %d", ErrReason, n)
	}
	if options.HTTPClient == nil {
		options.HTTPClient = http.DefaultClient
	}
	return &Client{api: api, options: options, closing: closingPatience}, nil
}

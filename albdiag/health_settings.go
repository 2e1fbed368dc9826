package albdiag

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/internal/words"
)

// settings are the health-check settings of a target group. Numbers that AWS left out are zero.
type settings struct {
	enabled            bool
	protocol           types.ProtocolEnum
	version            string // of HTTP: "HTTP1", "HTTP2" or "GRPC"; empty for other protocols
	port, path         string
	interval, timeout  time.Duration
	healthy, unhealthy int
	matcher            string
}

func settingsOf(tg *types.TargetGroup) settings {
	s := settings{
		enabled: tg.HealthCheckEnabled == nil || *tg.HealthCheckEnabled, protocol: tg.HealthCheckProtocol,
		version: aws.ToString(tg.ProtocolVersion),
		port:    aws.ToString(tg.HealthCheckPort), path: aws.ToString(tg.HealthCheckPath),
		interval: seconds(tg.HealthCheckIntervalSeconds), timeout: seconds(tg.HealthCheckTimeoutSeconds),
		healthy: int(aws.ToInt32(tg.HealthyThresholdCount)), unhealthy: int(aws.ToInt32(tg.UnhealthyThresholdCount)),
	}
	if tg.Matcher != nil {
		s.matcher = aws.ToString(tg.Matcher.HttpCode)
		if tg.Matcher.GrpcCode != nil {
			s.matcher = "gRPC " + *tg.Matcher.GrpcCode
		}
	}
	return s
}

func seconds(n *int32) time.Duration { return time.Duration(aws.ToInt32(n)) * time.Second }

// String tells the settings in one line.
func (s settings) String() string {
	if !s.enabled {
		return "disabled"
	}
	text := s.request()
	if s.matcher != "" {
		text += ", wants " + s.matcher
	}
	return fmt.Sprintf("%s, every %s, timeout %s, unhealthy after %d failures, healthy after %d passes",
		text, words.Span(s.interval), words.Span(s.timeout), s.unhealthy, s.healthy)
}

// request names what a health check does: "HTTP GET /healthz on the traffic port".
func (s settings) request() string {
	port := "on port " + s.port
	if s.overrides() == "" {
		port = "on the traffic port"
	}
	switch s.protocol {
	case types.ProtocolEnumHttp, types.ProtocolEnumHttps:
		switch s.version {
		case versionGRPC:
			return fmt.Sprintf("gRPC over %s %s %s", s.protocol, s.path, port)
		case versionHTTP2:
			return fmt.Sprintf("%s (HTTP/2) GET %s %s", s.protocol, s.path, port)
		}
		return fmt.Sprintf("%s GET %s %s", s.protocol, s.path, port)
	case "":
		return "health check " + port
	}
	return fmt.Sprintf("%s connect %s", s.protocol, port)
}

// The protocol versions that a program must speak from the first byte on ("CreateTargetGroup", Elastic Load Balancing
// API Reference, ProtocolVersion).
const versionGRPC, versionHTTP2 = "GRPC", "HTTP2"

// trafficPort stands for the port on which each target receives requests.
const trafficPort = "traffic-port"

// overrides returns the port that health checks go to instead of the traffic port, empty if they do not.
func (s settings) overrides() string {
	if s.port == trafficPort {
		return ""
	}
	return s.port
}

// untilUnhealthy is how long after a target stops answering the load balancer stops sending requests to it: the
// failures in a row it takes, and the timeout of the last ("Health checks for Application Load Balancer target groups",
// settings).
func (s settings) untilUnhealthy() time.Duration {
	return time.Duration(s.unhealthy)*s.interval + s.timeout
}

// untilHealthy is how long a target that was unhealthy must pass before it gets requests again.
func (s settings) untilHealthy() time.Duration { return time.Duration(s.healthy) * s.interval }

// accepts reports whether a matcher such as "200,202" or "200-299" takes a code. A matcher it cannot read takes all.
func (s settings) accepts(code int) bool {
	for part := range strings.SplitSeq(s.matcher, ",") {
		low, high, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			high = low
		}
		from, err1 := strconv.Atoi(low)
		to, err2 := strconv.Atoi(high)
		if err1 != nil || err2 != nil || (from <= code && code <= to) {
			return true
		}
	}
	return false
}

// acceptedClasses returns the classes of codes that the matcher takes: 2 for 2xx.
func (s settings) acceptedClasses() []int {
	var classes []int
	for code := 200; code < 600; code++ {
		if s.accepts(code) {
			classes = append(classes, code/100)
		}
	}
	return slices.Compact(classes)
}

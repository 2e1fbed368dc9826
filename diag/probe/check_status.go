package probe

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

func statusChecks() []*diag.Check[*Endpoint] {
	var checks []*diag.Check[*Endpoint]
	for i, s := range statuses {
		info := diag.Info{
			Code:     s.code,
			Title:    s.title,
			Doc:      s.doc,
			Severity: s.severity,
			Actions:  httpActions,
			Limits:   limits,
			Breaks:   []diag.Mechanism{diag.HealthCheck, diag.Request},
			Needs:    s.needs,
			Source:   "RFC 9110, section 15; Troubleshoot your Application Load Balancers, Elastic Load Balancing User Guide",
		}
		checks = append(
			checks,
			&diag.Check[*Endpoint]{Info: info, Run: func(ctx context.Context, e *Endpoint) ([]diag.Finding, error) {
				r, err := e.Request(ctx)
				if err != nil || r == nil || !r.OK() || row(r.Status) != i {
					return nil, err
				}
				return []diag.Finding{s.finding(e, r)}, nil
			}},
		)
	}
	return checks
}

// row returns the first row that fits a status, or -1.
func row(status int) int {
	for i, s := range statuses {
		if s.fits(status) {
			return i
		}
	}
	return -1
}

func (s status) finding(e *Endpoint, r *Response) diag.Finding {
	text := strings.TrimSpace(fmt.Sprintf("%d %s", r.Status, http.StatusText(r.Status)))
	evidence := append(hops(r), diag.Evidence{Source: requestAction, Field: "status", Value: text})
	for _, h := range r.Headers {
		evidence = append(evidence, diag.Evidence{Source: requestAction, Field: "headers." + h.Name, Value: h.Value})
	}
	if body := excerpt(r.Body); body != "" {
		evidence = append(evidence, diag.Evidence{Source: requestAction, Field: "body", Value: body})
	}
	return diag.Finding{
		Summary:   fmt.Sprintf("%s answers %s%s%s: %s", e.target, text, author(r), after(r), s.means),
		Evidence:  evidence,
		NextSteps: []diag.Step{s.step, e.curl()},
	}
}

// author tells who answered, where a header does. Load balancers and CloudFront name themselves in what they answer
// themselves.
func author(r *Response) string {
	for _, h := range r.Headers {
		switch value := strings.ToLower(h.Value); {
		case h.Name == "Server" && strings.HasPrefix(value, "awselb/"):
			return ", from the load balancer itself"
		case h.Name == "Server" && value == "cloudfront",
			h.Name == "X-Cache" && strings.HasPrefix(value, "error from cloudfront"):
			return ", by way of CloudFront"
		case h.Name == "Server":
			return ", from a server that calls itself " + excerpt(h.Value)
		}
	}
	return ""
}

package probe

import (
	"context"
	"crypto/tls"
	"fmt"
	"strconv"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// EndpointSurvey leads to what answers at an endpoint (see [Behind]) and lists what can be compared with another day or
// another environment.
var EndpointSurvey = &diag.Survey[*Endpoint]{
	Name: "probe.endpoint", Actions: httpActions,
	Links: func(_ context.Context, e *Endpoint) ([]diag.Link, error) {
		var links []diag.Link
		for _, to := range e.behind {
			links = append(links, diag.Link{From: e.Resource(), To: to, Role: "answered by"})
		}
		return links, nil
	},
	Settings: settings,
}

func settings(ctx context.Context, e *Endpoint) ([]diag.Setting, error) {
	var all []diag.Setting
	set := func(name, value string) {
		if value != "" {
			all = append(all, diag.Setting{Resource: e.Resource(), Name: name, Value: value})
		}
	}
	resolution, err := e.Resolve(ctx)
	if err != nil {
		return nil, err
	}
	set("dns.cname", resolution.CNAME)
	for i, a := range resolution.Addresses {
		set(fmt.Sprintf("dns.addresses[%d]", i), a.String())
	}
	handshake, err := e.Handshake(ctx)
	if handshake != nil && handshake.OK() {
		set("tls.version", tls.VersionName(handshake.Version))
		set("tls.cipher", handshake.Cipher)
		if len(handshake.Chain) > 0 {
			set("tls.certificate.issuer", handshake.Chain[0].Issuer)
			set("tls.certificate.notAfter", handshake.Chain[0].NotAfter.UTC().Format(time.RFC3339))
		}
	}
	if err != nil {
		return all, err
	}
	response, err := e.Request(ctx)
	if response != nil && response.Status != 0 {
		set("http.status", strconv.Itoa(response.Status))
		set("http.redirects", strconv.Itoa(len(response.Hops)))
	}
	return all, err
}

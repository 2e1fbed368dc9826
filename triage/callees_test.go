package triage

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"
)

// TestHostsIn finds the hosts that calls go to in the words of several programs, and leaves out those of other people.
func TestHostsIn(t *testing.T) {
	tests := map[string][]string{
		`GET http://orders:8080/v1/items failed: connect ECONNREFUSED 127.255.0.2:8080`:               {"orders"},
		`getaddrinfo ENOTFOUND pricing.shop.local`:                                                    {"pricing.shop.local"},
		`dial tcp: lookup Stock.prod.internal. on 10.0.0.2:53: no such host`:                          {"stock.prod.internal"},
		`java.net.UnknownHostException: ledger-api`:                                                   {"ledger-api"},
		`nginx: [emerg] host not found in upstream "backend" in /etc/nginx/conf.d/default.conf:4`:     {"backend"},
		`connect() failed (111), upstream: "http://10.0.3.7:80/", host: "shop.example.com"`:           nil,
		`POST https://api.partner.com/v2 timed out`:                                                   nil,
		`http://shop-1f2.eu-west-1.elb.amazonaws.com/api -> 503`:                                      {"shop-1f2.eu-west-1.elb.amazonaws.com"},
		`jdbc:postgresql://db.c1.eu-west-1.rds.amazonaws.com:5432/shop: Connection refused localhost`: nil,
	}
	for text, want := range tests {
		assert.Equal(t, want, hostsIn(text), text)
	}
}

// TestCalledLike knows services by the names that generators make of theirs.
func TestCalledLike(t *testing.T) {
	tests := []struct {
		service, host string
		want          bool
	}{
		{"orders", "orders.shop.local", true},
		{"shop-prod-orders-Service-a1B2", "orders.shop.local", true},
		{"KitchenProd-OrdersService2C1896A1-lt5uaTY6s4Ha", "orders", true},
		{"order-events", "orders", false},
		{"price-list-svc", "price-list.internal", true},
		{"list-price-svc", "price-list.internal", false},
		{"web", "pod.web.internal", false},
	}
	for _, tt := range tests {
		assert.Equal(t, tt.want, calledLike(&types.Service{ServiceName: &tt.service}, tt.host), "%s at %s", tt.service,
			tt.host)
	}
	assert.True(t, calledLike(&types.Service{ServiceName: aws.String("x"),
		LoadBalancers: []types.LoadBalancer{{ContainerName: aws.String("ledger")}}}, "ledger.internal"))
}

// TestConnectedAs goes by the names that Service Connect gives, and by the deployment that is the service's own.
func TestConnectedAs(t *testing.T) {
	service := &types.Service{Deployments: []types.Deployment{
		{Status: aws.String("PRIMARY"), ServiceConnectConfiguration: &types.ServiceConnectConfiguration{
			Services: []types.ServiceConnectService{{DiscoveryName: aws.String("content"),
				ClientAliases: []types.ServiceConnectClientAlias{{DnsName: aws.String("cms")}, {Port: aws.Int32(80)}}}, {}}}},
		{Status: aws.String("ACTIVE"), ServiceConnectConfiguration: &types.ServiceConnectConfiguration{
			Services: []types.ServiceConnectService{{DiscoveryName: aws.String("old")}}}},
		{Status: aws.String("PRIMARY")},
	}}
	for host, want := range map[string]bool{"content": true, "content.media": true, "CMS": true, "contents": false,
		"old": false, "": false} {
		assert.Equal(t, want, connectedAs(service, host), host)
	}
}

package changes

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/awsdiag/awsdiag/diag"
)

// edgeKinds are the events of what requests pass on their way in: AWS WAF, CloudFront, API gateways and certificates.
// The names of operations and parameters are those of the services' API references.
func edgeKinds() []kind {
	const waf, cdn, api = "wafv2:", "cloudfront:", "apigateway:"
	acl := ids(typeWebACL, "name")
	distribution := ids(typeDistribution, "id", "=distribution.id")
	gateway := ids(typeAPI, "restApiId", "apiId")
	certificate := ids(typeCertificate, "certificateArn", "=certificateArn")
	return []kind{
		{waf + "UpdateWebACL", "firewall-changed", "changed {target}", acl, nil, nil},
		{waf + "DeleteWebACL", "firewall-changed", "deleted {target}", acl, nil, nil},
		{waf + "AssociateWebACL", "firewall-changed", "put a web ACL{detail} before {target}", byARN("resourceArn"),
			webACL, disassociateWebACL},
		{waf + "DisassociateWebACL", "firewall-changed", "took the web ACL from {target}", byARN("resourceArn"), nil, nil},
		{waf + "UpdateRuleGroup", "firewall-changed", "changed {target}", ids(typeRuleGroup, "name"), nil, nil},
		{waf + "DeleteRuleGroup", "firewall-changed", "deleted {target}", ids(typeRuleGroup, "name"), nil, nil},
		{waf + "UpdateIPSet", "firewall-changed", "changed {target}{detail}", ids(typeIPSet, "name"),
			listOf("addresses"), nil},
		{waf + "DeleteIPSet", "firewall-changed", "deleted {target}", ids(typeIPSet, "name"), nil, nil},
		{waf + "UpdateRegexPatternSet", "firewall-changed", "changed {target}",
			ids("AWS::WAFv2::RegexPatternSet", "name"), nil, nil},

		{cdn + "UpdateDistribution", "edge-changed", "changed {target}{detail}", distribution, origins, nil},
		{cdn + "UpdateDistributionWithStagingConfig", "edge-changed", "gave {target} the settings of another{detail}",
			distribution, param("stagingDistributionId"), nil},
		{cdn + "CreateInvalidation", other, "emptied the cache of {target}{detail}",
			ids(typeDistribution, "distributionId"), listOf("invalidationBatch.paths"), nil},
		{cdn + "AssociateDistributionWebACL", "firewall-changed", "put a web ACL{detail} before {target}", distribution,
			webACL, nil},
		{cdn + "DeleteDistribution", "edge-deleted", "deleted {target}", distribution, nil, nil},
		{cdn + "UpdateFunction", "edge-changed", "changed {target}", ids(typeEdgeFunction, "name"), nil, nil},
		{cdn + "PublishFunction", "edge-changed", "published {target}", ids(typeEdgeFunction, "name"), nil, nil},
		{cdn + "UpdateCachePolicy", "edge-changed", "changed {target}", ids("AWS::CloudFront::CachePolicy", "id"), nil, nil},
		{cdn + "UpdateOriginRequestPolicy", "edge-changed", "changed {target}",
			ids("AWS::CloudFront::OriginRequestPolicy", "id"), nil, nil},
		{cdn + "UpdateOriginAccessControl", "edge-changed", "changed {target}",
			ids("AWS::CloudFront::OriginAccessControl", "id"), nil, nil},
		{api + "CreateDeployment", "edge-changed", "deployed {target}{detail}", gateway, param("stageName"), nil},
		{api + "UpdateStage", "edge-changed", "changed a stage{detail} of {target}", gateway, param("stageName"), nil},
		{api + "DeleteStage", "edge-deleted", "deleted a stage{detail} of {target}", gateway, param("stageName"), nil},
		{api + "UpdateIntegration", "edge-changed", "changed where {target} sends requests", gateway, nil, nil},
		{api + "UpdateRestApi", "edge-changed", "changed {target}", gateway, nil, nil},
		{api + "UpdateApi", "edge-changed", "changed {target}", gateway, nil, nil},
		{api + "DeleteRestApi", "edge-deleted", "deleted {target}", gateway, nil, nil},
		{api + "DeleteApi", "edge-deleted", "deleted {target}", gateway, nil, nil},

		{"acm:ImportCertificate", "certificate-changed", "imported {target}", certificate, nil, nil},
		{"acm:RenewCertificate", "certificate-changed", "renewed {target}", certificate, nil, nil},
		{"acm:UpdateCertificateOptions", "certificate-changed", "changed {target}", certificate, nil, nil},
		{"acm:RevokeCertificate", "certificate-deleted", "revoked {target}{detail}", certificate,
			param("revocationReason"), nil},
	}
}

// arnTypes are the types of what ARNs name, by service and the first word of the resource.
var arnTypes = map[string]string{
	"elasticloadbalancing loadbalancer": typeLoadBalancer, "apigateway": typeAPI, "cognito-idp userpool": typeUserPool,
	"dynamodb table": typeTable, "elasticfilesystem file-system": typeFileSystem, "sqs": typeQueue, "sns": typeTopic,
	"lambda function": typeFunction,
}

// byARN returns what a parameter names by its ARN, whatever it is.
func byARN(path string) func(*call) []diag.Resource {
	return func(c *call) []diag.Resource {
		a, err := arn.Parse(c.params.first(path))
		if err != nil {
			return nil
		}
		word := a.Resource
		if i := strings.IndexAny(word, "/:"); i >= 0 {
			word = word[:i]
		}
		for _, key := range []string{a.Service + " " + word, a.Service} {
			if typ := arnTypes[key]; typ != "" {
				return []diag.Resource{c.resource(typ, c.params.first(path))}
			}
		}
		return nil
	}
}

// webACL tells a web ACL by the name in its ARN: "…:regional/webacl/NAME/ID".
func webACL(c *call) string {
	_, name, _ := strings.Cut(c.params.first("webACLArn"), "webacl/")
	name, _, _ = strings.Cut(name, "/")
	return name
}

// origins tells where a distribution was told to send requests.
func origins(c *call) string {
	return some(c.params.all("distributionConfig.origins.domainName"))
}

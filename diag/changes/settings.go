package changes

import (
	"regexp"
	"strings"
)

// setting is one thing that a call set.
type setting struct {
	// name is what people call it: "health check path"; value is what it was set to.
	name, value string
	// was is what it was before, "" where nothing tells.
	was string
	// route marks a route, whose name is where it leads to and whose value is over what.
	route bool
}

// String tells the setting as a summary does: "max capacity from 20 to 4", "0.0.0.0/0 by nat-1".
func (s setting) String() string {
	switch {
	case s.route && s.value == "" && s.was == "", !s.route && s.value == "":
		return s.name
	case s.route && s.value == "":
		return s.name + " by " + s.was
	case s.route && s.was != "":
		return s.name + " by " + s.value + ", before by " + s.was
	case s.route:
		return s.name + " by " + s.value
	case s.was != "":
		return s.name + " from " + s.was + " to " + s.value
	}
	return s.name + " " + s.value
}

// identifying are parameters that say which resource a call is about, and not what it does to it.
var identifying = regexp.MustCompile(`(?i)^(instanceId|dBInstanceIdentifier|dBClusterIdentifier|dBProxyName|` +
	`targetGroupArn|functionName|loadBalancerArn|dBParameterGroupName|dBClusterParameterGroupName|cluster|service|` +
	`autoScalingGroupName|cacheClusterId|replicationGroupId|serverlessCacheName|tableName|healthCheckId|` +
	`healthCheckVersion|vpcEndpointId|vpcId|subnetId|volumeId|roleName|clientRequestToken|clientToken|dryRun|` +
	`resourceId|serviceNamespace|scalableDimension|attribute|allowMajorVersionUpgrade)$`)

// settings lists what a call set, for operations that take any number of settings.
func settings(c *call) string {
	var parts []string
	for _, s := range c.settings() {
		parts = append(parts, s.String())
	}
	if attribute := c.params.first("attribute"); attribute != "" {
		parts = append([]string{spaced(attribute)}, parts...)
	}
	return some(parts)
}

// settings lists the parameters of a call that set something: scalars, lists of scalars and what stands one level
// below.
func (c *call) settings() []setting {
	var found []setting
	for _, name := range c.params.names() {
		v := c.params.get(name)
		if identifying.MatchString(name) || strings.EqualFold(name, "applyImmediately") && v.str() == "true" {
			continue
		}
		values, inner := c.params.all(name), v.names()
		switch {
		case v.str() != "" || len(values) > 0:
			value := shown(name, some(values))
			found = append(found, setting{name: spaced(name), value: value, was: c.wasBefore(name, value)})
		case len(inner) > 0 && !secretive.MatchString(name):
			found = append(found, c.below(name, inner)...)
		case len(v.list()) > 0:
			found = append(found, setting{name: spaced(name)})
		}
	}
	return found
}

// below lists the settings of an object among the parameters.
func (c *call) below(name string, inner []string) []setting {
	var found []setting
	for _, of := range inner {
		if values := c.params.all(name + "." + of); len(values) > 0 {
			value := shown(of, some(values))
			found = append(found, setting{name: spaced(name) + " " + spaced(of), value: value,
				was: c.wasBefore(name+"."+of, value)})
		}
	}
	if len(found) == 0 {
		found = append(found, setting{name: spaced(name)})
	}
	return found
}

// wasBefore returns what the answer tells that a setting was before, "" if it does not. RDS answers with what holds
// and, apart from that, what is pending ("PendingModifiedValues", Amazon RDS API Reference). A DynamoDB table keeps
// its throughput until it is no longer being updated ("UpdateTable", Amazon DynamoDB Developer Guide).
func (c *call) wasBefore(path, value string) string {
	old := ""
	switch {
	case c.response.first("pendingModifiedValues."+path) == value:
		old = c.response.first(path)
	case strings.HasPrefix(path, "provisionedThroughput.") &&
		c.response.first("tableDescription.tableStatus") == "UPDATING":
		old = c.response.first("tableDescription." + path)
	}
	if old == value {
		return ""
	}
	return old
}

// named returns a detail of settings by their names, for calls whose other parameters are of no interest. A path that
// begins with "=" leads through the response, and the last name of each is told.
func named(paths ...string) func(*call) string {
	return func(c *call) string {
		var parts []string
		for _, path := range paths {
			from := c.params
			if strings.HasPrefix(path, "=") {
				from, path = c.response, path[1:]
			}
			name := path[strings.LastIndex(path, ".")+1:]
			if values := from.all(path); len(values) > 0 {
				parts = append(parts, setting{name: spaced(name), value: shown(name, some(values))}.String())
			}
		}
		return some(parts)
	}
}

// sets is all that a call set by name, in whatever form.
func (c *call) sets() []setting {
	found := c.settings()
	for _, list := range []struct{ at, name, value string }{{"attributes", "key", "value"},
		{"parameters", "parameterName", "parameterValue"}, {"parameterNameValues", "parameterName", "parameterValue"}} {
		for _, p := range c.params.get(list.at).list() {
			name := p.get(list.name).str()
			if value := p.get(list.value).str(); name != "" && value != "" {
				found = append(found, setting{name: name, value: shown(name, value)})
			}
		}
	}
	if strings.HasSuffix(c.name, "Route") {
		found = append(found, c.route())
	}
	if td := c.params.first("taskDefinition"); c.name == "UpdateService" && td != "" {
		found = append(found, setting{name: "task definition", value: lastPart(td), was: c.ranBefore(td)})
	}
	return found
}

// route tells a route of a call.
func (c *call) route() setting {
	return setting{route: true,
		name: c.params.first("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"),
		value: c.params.first("natGatewayId", "gatewayId", "transitGatewayId", "vpcPeeringConnectionId", "networkInterfaceId",
			"instanceId", "vpcEndpointId", "egressOnlyInternetGatewayId", "carrierGatewayId", "localGatewayId",
			"coreNetworkArn")}
}

// servicesSet are settings that services change by themselves, by calls that are no changes: an earlier call tells
// nothing.
var servicesSet = map[string]bool{"desired count": true, "desired capacity": true, "task definition": true,
	"force new deployment": true}

// tellBefore adds to the summaries what settings were before, where an earlier call on the same resource set them to
// something else. The changes are in order, the oldest first.
func tellBefore(all []Change) {
	for i := range all {
		c := &all[i]
		for _, s := range c.sets {
			if s.was != "" || !s.tells() || len(c.Resources) == 0 {
				continue
			}
			told := s.String()
			s.was = before(all[:i], *c, s)
			if s.was == "" || s.was == s.value || s.was == notShown || !strings.Contains(c.Summary, told) {
				continue
			}
			c.Summary = strings.Replace(c.Summary, told, s.String(), 1)
			c.Before = append(c.Before, Detail{s.name, s.was})
		}
	}
}

// tells reports a setting that an earlier call may tell of.
func (s setting) tells() bool {
	return s.name != "" && (s.value != "" || s.route) && s.value != notShown && !servicesSet[s.name]
}

// before returns what the last earlier change of the same resource set the same to.
func before(earlier []Change, c Change, s setting) string {
	for i := len(earlier) - 1; i >= 0; i-- {
		if !earlier[i].Touches(c.Resources[0]) && !sameFamily(earlier[i], c) {
			continue
		}
		for _, o := range earlier[i].sets {
			if o.name == s.name && o.route == s.route {
				return o.value
			}
		}
	}
	return ""
}

// sameFamily reports two revisions of one task definition.
func sameFamily(a, b Change) bool {
	if len(a.Resources) == 0 || a.Resources[0].Type != typeTaskDefinition || b.Resources[0].Type != typeTaskDefinition {
		return false
	}
	x, _, _ := strings.Cut(a.Resources[0].ID, ":")
	y, _, _ := strings.Cut(b.Resources[0].ID, ":")
	return x == y
}

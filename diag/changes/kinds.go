package changes

import (
	"slices"
	"strings"
	"sync"

	"github.com/awsdiag/awsdiag/diag"
)

// kind tells how to read one kind of event.
type kind struct {
	// action is the service and the name of the event: "ec2:DeleteRoute".
	action string
	// family is the name of its family.
	family string
	// says tells what was done, with the places {target} and {detail}.
	says string
	// touches returns what was changed, from the parameters and the response.
	touches func(*call) []diag.Resource
	// detail returns what {detail} stands for, in parentheses; nil for nothing.
	detail func(*call) string
	// undo returns steps that take the change back, where the event tells how; nil for none.
	undo func(c *call, target diag.Resource) []diag.Step
}

// kinds holds every kind of event that this package reads, by action.
var kinds = sync.OnceValue(func() map[string]*kind {
	all := map[string]*kind{}
	for _, k := range slices.Concat(networkKinds(), hostKinds(), containerKinds(), balancerKinds(), accessKinds(),
		configurationKinds(), databaseKinds(), deliveryKinds(), moreKinds(), edgeKinds(), identityKinds(), platformKinds(),
		scheduleKinds(), reachKinds(), fleetKinds()) {
		all[k.action] = &k
	}
	return all
})

// unknown reads an event that no table knows: what CloudTrail lists with it was changed.
func (c *call) unknown() *kind {
	verb, rest := c.verb()
	return &kind{family: other, says: verb + " " + rest + " on {target} (" + c.service + ")", touches: (*call).listed}
}

// pastTense are the verbs that the names of write events begin with.
var pastTense = map[string]string{
	"Create": "created", "Delete": "deleted", "Update": "updated", "Modify": "modified", "Put": "put", "Set": "set",
	"Attach": "attached", "Detach": "detached", "Associate": "associated", "Disassociate": "disassociated",
	"Register": "registered", "Deregister": "deregistered", "Enable": "enabled", "Disable": "disabled", "Add": "added",
	"Remove": "removed", "Start": "started", "Stop": "stopped", "Reboot": "rebooted", "Restore": "restored",
	"Reset": "reset", "Replace": "replaced", "Cancel": "cancelled", "Authorize": "authorized", "Revoke": "revoked",
}

// verb reads the name of an event: "DeleteLifecyclePolicy" is "deleted", "lifecycle policy".
func (c *call) verb() (past, rest string) {
	for i := 1; i < len(c.name); i++ {
		if p, ok := pastTense[c.name[:i]]; ok && c.name[i] >= 'A' && c.name[i] <= 'Z' {
			return p, spaced(c.name[i:])
		}
	}
	return "called", c.name
}

// ids returns resources of a type by the parameters that name them; the first path that leads to something decides. A
// path that begins with "=" leads through the response.
func ids(typ string, paths ...string) func(*call) []diag.Resource {
	return func(c *call) []diag.Resource {
		var found []diag.Resource
		for _, path := range paths {
			from := c.params
			if strings.HasPrefix(path, "=") {
				from = c.response
			}
			for _, ref := range from.all(strings.TrimPrefix(path, "=")) {
				found = append(found, c.resource(typ, ref))
			}
			if len(found) > 0 {
				return found
			}
		}
		return nil
	}
}

// param returns a detail made of parameters: the first value found at each path, joined.
func param(paths ...string) func(*call) string {
	return func(c *call) string {
		var parts []string
		for _, path := range paths {
			from := c.params
			if strings.HasPrefix(path, "=") {
				from = c.response
			}
			if s := from.first(strings.TrimPrefix(path, "=")); s != "" {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, " ")
	}
}

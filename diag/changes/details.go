package changes

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	// maxParts bounds a list within a summary, and maxDetails the details of a change.
	maxParts   = 4
	maxDetails = 20
	maxValue   = 200
)

// some joins the parts of a list that has place in a sentence.
func some(parts []string) string {
	parts = slices.DeleteFunc(slices.Clone(parts), func(s string) bool { return s == "" })
	if n := len(parts) - maxParts; n > 0 {
		parts = append(parts[:maxParts:maxParts], strconv.Itoa(n)+" more")
	}
	return strings.Join(parts, ", ")
}

func contains(list []string, s string) bool { return slices.Contains(list, s) }

func listOf(paths ...string) func(*call) string {
	return func(c *call) string {
		for _, path := range paths {
			if found := c.params.all(path); len(found) > 0 {
				return some(found)
			}
		}
		return ""
	}
}

// secretive are parameters whose values are secret, or hold secrets, or are long texts that do. CloudTrail hides some
// of them itself, not all.
var secretive = regexp.MustCompile(`(?i)secret|passw|token|credential|userdata|privatekey|plaintext|ciphertext|` +
	`(?:value|document|template|body|environment|definitions?|command|parameters|overrides|zipfile|comment)$`)

// telling are parameters that look secretive by their names and are not.
var telling = map[string]bool{"taskDefinition": true, "cidrBlockValue": true, "secretId": true}

// notShown stands in place of a value that is kept back.
const notShown = "(not shown)"

// shown returns a value, unless its name says that it is secret.
func shown(name, value string) string {
	if secretive.MatchString(name) && !telling[name] {
		return notShown
	}
	if len(value) > maxValue {
		value = strings.ToValidUTF8(value[:maxValue], "") + "…"
	}
	return value
}

// details lists the parameters of a call by name, with the values of those that are scalars and not secret.
func (c *call) details() []Detail {
	var found []Detail
	for _, name := range c.params.names() {
		if len(found) == maxDetails {
			break
		}
		if v := c.params.get(name); v.str() != "" {
			found = append(found, Detail{name, shown(name, v.str())})
		} else if values := c.params.all(name); len(values) > 0 {
			found = append(found, Detail{name, shown(name, strings.Join(values, ", "))})
		} else if len(v.list()) > 0 {
			found = append(found, Detail{name, notShown})
		}
	}
	return found
}

// secretEvent names the secret of an event that Secrets Manager itself recorded, which stands beside the parameters.
func secretEvent(c *call) []diag.Resource {
	if id := c.record.first("additionalEventData.SecretId"); id != "" {
		return []diag.Resource{c.resource(typeSecret, id)}
	}
	return c.listed()
}

package changes

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// node is a part of a CloudTrail record. Records write one thing in many ways: the case of names differs from service
// to service and from request to response, lists of EC2 are wrapped in "items" or in objects with "tag" and "content",
// and a list of one may be its element. A node bridges that, and what is missing is an empty node.
type node struct{ value any }

// parseNode reads a JSON document; a malformed one gives an empty node.
func parseNode(text string) node {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return node{}
	}
	return node{value}
}

// get goes down a path of names, in any case.
func (n node) get(path ...string) node {
	for _, name := range path {
		members, _ := n.value.(map[string]any)
		if value, ok := members[name]; ok {
			n = node{value}
			continue
		}
		n = node{}
		for _, key := range slices.Sorted(maps.Keys(members)) {
			if strings.EqualFold(key, name) {
				n = node{members[key]}
				break
			}
		}
	}
	return n
}

// str returns a scalar as text, "" for anything else.
func (n node) str() string {
	switch v := n.value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	case map[string]any:
		for _, wrapper := range []string{"content", "value"} {
			if inner, ok := v[wrapper]; ok && len(v) <= 2 {
				return node{inner}.str()
			}
		}
	}
	return ""
}

// list returns the elements of a list in any of its forms.
func (n node) list() []node {
	switch v := n.value.(type) {
	case nil:
		return nil
	case []any:
		var all []node
		for _, element := range v {
			all = append(all, node{element}.list()...)
		}
		return all
	case map[string]any:
		if items, ok := v["items"]; ok {
			return node{items}.list()
		}
		if len(v) == 0 {
			return nil
		}
	}
	return []node{n}
}

// all returns the scalars at the end of a dotted path that may lead through lists.
func (n node) all(path string) []string {
	nodes := []node{n}
	for _, name := range strings.Split(path, ".") {
		var next []node
		for _, at := range nodes {
			next = append(next, at.get(name).list()...)
		}
		nodes = next
	}
	var found []string
	for _, at := range nodes {
		if s := at.str(); s != "" && !slices.Contains(found, s) {
			found = append(found, s)
		}
	}
	return found
}

// first returns the first scalar that one of the paths leads to.
func (n node) first(paths ...string) string {
	for _, path := range paths {
		if found := n.all(path); len(found) > 0 {
			return found[0]
		}
	}
	return ""
}

// names returns the names of the members that hold something, sorted.
func (n node) names() []string {
	members, _ := n.value.(map[string]any)
	return slices.DeleteFunc(slices.Sorted(maps.Keys(members)), func(name string) bool { return members[name] == nil })
}

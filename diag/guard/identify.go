package guard

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// maxIdentifiers bounds what one line of the audit names; GetMetricData may ask for 500 series.
const maxIdentifiers = 32

// identifies reports a member that names a resource: by the suffixes that AWS uses, or one of the names by which ECS
// and Systems Manager go without.
func identifies(member string) bool {
	switch member {
	case "Cluster", "Clusters", "Service", "Services", "Tasks", "TaskDefinition", "FamilyPrefix", "Family",
		"ContainerInstances", "CapacityProviders", "Target", "Targets", "Path", "Resource", "Namespace", "Attribute",
		"SourceIdentifier", "DBInstanceIdentifier", "ResourceIdentifier":
		return true
	}
	for _, suffix := range []string{"Arn", "ARN", "Id", "ID", "Name", "Identifier"} {
		if strings.HasSuffix(strings.TrimSuffix(member, "s"), suffix) {
			return true
		}
	}
	return false
}

// identifiers returns the resources that an input names, as "member=value", in the order of the input's members. What
// has a name and values, as filters and dimensions have, is written as "name=value".
func identifiers(input any) []string {
	var found []string
	collect(reflect.ValueOf(input), "", &found)
	found = unique(found)
	if more := len(found) - maxIdentifiers; more > 0 {
		found = append(found[:maxIdentifiers], fmt.Sprintf("and %d more", more))
	}
	return found
}

func collect(v reflect.Value, member string, found *[]string) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			collect(v.Elem(), member, found)
		}
	case reflect.Slice:
		for i := range v.Len() {
			collect(v.Index(i), member, found)
		}
	case reflect.Struct:
		collectStruct(v, found)
	case reflect.String:
		if identifies(member) && v.Len() > 0 {
			*found = append(*found, member+"="+v.String())
		}
	}
}

func collectStruct(v reflect.Value, found *[]string) {
	name := firstField(v, "Name", "Key")
	values := firstField(v, "Values", "Value")
	if text := reflect.Indirect(name); name.IsValid() && values.IsValid() && text.Kind() == reflect.String {
		*found = append(*found, text.String()+"="+plainText(values))
		return
	}
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.IsExported() {
			collect(v.Field(i), f.Name, found)
		}
	}
}

func firstField(v reflect.Value, names ...string) reflect.Value {
	for _, n := range names {
		if f := v.FieldByName(n); f.IsValid() {
			return f
		}
	}
	return reflect.Value{}
}

func plainText(v reflect.Value) string {
	switch v = reflect.Indirect(v); {
	case v.Kind() == reflect.String:
		return v.String()
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String:
		var parts []string
		for i := range v.Len() {
			parts = append(parts, v.Index(i).String())
		}
		return strings.Join(parts, ",")
	}
	return ""
}

func unique(texts []string) []string {
	var once []string
	for _, t := range texts {
		if !slices.Contains(once, t) {
			once = append(once, t)
		}
	}
	return once
}

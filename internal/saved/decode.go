package saved

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Option changes how [Decode] works.
type Option func(*decoder)

// Strict makes Decode report members that the SDK value does not have. They are ignored otherwise, because a world may
// have been saved by a newer CLI.
func Strict() Option { return func(d *decoder) { d.strict = true } }

// Unions makes the members of unions known, such as &types.AnnotationValueMemberStringValue{}. Only services whose SDK
// types do not describe themselves need it: X-Ray and IAM.
func Unions(members ...any) Option {
	return func(d *decoder) {
		for _, m := range members {
			d.unions = append(d.unions, reflect.TypeOf(m))
		}
	}
}

// Decode stores a document that the AWS CLI prints, or takes as input, in an SDK value: into is a pointer to it, such
// as *ecs.DescribeTasksOutput. Members that the document does not have stay as they are. An error names the path of
// the value that does not fit, such as "tasks[0].containers[1].exitCode".
func Decode(raw json.RawMessage, into any, options ...Option) error {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("decoding a saved document: want a pointer to an SDK struct, have %T", into)
	}
	if isNull(raw) {
		return nil
	}
	value, err := parseValue(raw)
	if err != nil {
		return err
	}
	d := decoder{fields: map[reflect.Type]map[string]int{}}
	for _, o := range options {
		o(&d)
	}
	if err := d.value(v.Elem(), value, owner{}); err != nil {
		return err
	}
	if d.strict && len(d.unknown) > 0 {
		return fmt.Errorf("%s has no member %s", v.Elem().Type(), strings.Join(d.unknown, ", "))
	}
	return nil
}

// parseValue reads JSON without losing digits of its numbers.
func parseValue(raw json.RawMessage) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return nil, syntaxError(raw, err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("not JSON: more text after the value")
	}
	return value, nil
}

type decoder struct {
	strict  bool
	unions  []reflect.Type
	fields  map[reflect.Type]map[string]int
	path    []any // names and indexes
	unknown []string
}

// owner is the field that a value lies in, however deep in lists and maps: it alone knows what a union may be.
type owner struct {
	typ   reflect.Type
	field string
}

var (
	timeType  = reflect.TypeFor[time.Time]()
	bytesType = reflect.TypeFor[[]byte]()
)

func (d *decoder) value(v reflect.Value, j any, own owner) error {
	if j == nil {
		return nil
	}
	switch {
	case v.Kind() == reflect.Pointer:
		target := reflect.New(v.Type().Elem())
		if err := d.value(target.Elem(), j, own); err != nil {
			return err
		}
		v.Set(target)
		return nil
	case v.Type() == timeType, v.Type() == bytesType:
		return d.scalar(v, j, own)
	}
	switch v.Kind() {
	case reflect.Struct:
		return d.structure(v, j)
	case reflect.Slice:
		return d.list(v, j, own)
	case reflect.Map:
		return d.mapping(v, j, own)
	case reflect.Interface:
		return d.union(v, j, own)
	}
	return d.scalar(v, j, own)
}

func (d *decoder) structure(v reflect.Value, j any) error {
	members, ok := j.(map[string]any)
	if !ok {
		return d.wrong("an object", j)
	}
	fields := d.fieldsOf(v.Type())
	for _, name := range slices.Sorted(maps.Keys(members)) {
		d.path = append(d.path, name)
		if i, ok := fields[strings.ToLower(name)]; ok {
			own := owner{v.Type(), v.Type().Field(i).Name}
			if err := d.value(v.Field(i), members[name], own); err != nil {
				return err
			}
		} else {
			d.unknown = append(d.unknown, d.where())
		}
		d.path = d.path[:len(d.path)-1]
	}
	return nil
}

func (d *decoder) list(v reflect.Value, j any, own owner) error {
	items, ok := j.([]any)
	if !ok {
		return d.wrong("a list", j)
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		d.path = append(d.path, i)
		if err := d.value(v.Index(i), item, own); err != nil {
			return err
		}
		d.path = d.path[:len(d.path)-1]
	}
	return nil
}

func (d *decoder) mapping(v reflect.Value, j any, own owner) error {
	members, ok := j.(map[string]any)
	if !ok {
		return d.wrong("an object", j)
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(members)))
	for key, member := range members {
		d.path = append(d.path, key)
		item := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(item, member, own); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), item)
		d.path = d.path[:len(d.path)-1]
	}
	return nil
}

// fieldsOf returns the indexes of the members of an SDK type by their lower-case names. Names of one type never differ
// by case alone.
func (d *decoder) fieldsOf(t reflect.Type) map[string]int {
	if f, ok := d.fields[t]; ok {
		return f
	}
	fields := map[string]int{}
	for i := range t.NumField() {
		if isMember(t.Field(i)) {
			fields[strings.ToLower(t.Field(i).Name)] = i
		}
	}
	d.fields[t] = fields
	return fields
}

// isMember reports a field that the service knows, which the metadata of an answer is not.
func isMember(f reflect.StructField) bool { return f.IsExported() && f.Name != "ResultMetadata" }

// where writes the path of the current value.
func (d *decoder) where() string {
	var b strings.Builder
	for _, step := range d.path {
		switch step := step.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", step)
		case string:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(step)
		}
	}
	return b.String()
}

func (d *decoder) wrong(want string, have any) error {
	raw, err := json.Marshal(have)
	if err != nil {
		return err
	}
	path := d.where()
	if path == "" {
		path = "the document"
	}
	return fmt.Errorf("%s: want %s, have %s", path, want, describe(raw))
}

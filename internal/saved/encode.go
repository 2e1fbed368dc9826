package saved

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/aws/smithy-go/document"
)

// Encode returns the document that "aws … --output json" prints for an SDK output, or takes for an SDK input. Members
// that are nil are left out, and so are empty enum members, which the SDK has for nil. Numbers and booleans that the
// SDK holds by value are written even when zero, as services send them, but not in an input, where zero means unset.
func Encode(v any) (json.RawMessage, error) {
	value := reflect.ValueOf(v)
	for value.Kind() == reflect.Pointer && !value.IsNil() {
		value = value.Elem()
	}
	if value.Kind() != reflect.Struct {
		return nil, fmt.Errorf("encoding a saved document: want an SDK struct, have %T", v)
	}
	e := encoder{zeros: !strings.HasSuffix(value.Type().Name(), "Input"), names: map[reflect.Type][]string{}}
	if err := e.structure(value); err != nil {
		return nil, fmt.Errorf("encoding %T: %w", v, err)
	}
	return bytes.Clone(e.out.Bytes()), nil
}

type encoder struct {
	out   bytes.Buffer
	zeros bool
	names map[reflect.Type][]string
}

// structure writes the members in the order of the SDK's fields, so that equal values make equal bytes.
func (e *encoder) structure(v reflect.Value) error {
	names, ok := e.names[v.Type()]
	if !ok {
		names = memberNames(v.Type())
		e.names[v.Type()] = names
	}
	e.out.WriteByte('{')
	first := true
	for i, name := range names {
		if name == "" || e.absent(v.Field(i)) {
			continue
		}
		if !first {
			e.out.WriteByte(',')
		}
		first = false
		if err := e.member(v, i, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	e.out.WriteByte('}')
	return nil
}

func (e *encoder) member(v reflect.Value, i int, name string) error {
	if err := e.plain(name); err != nil {
		return err
	}
	e.out.WriteByte(':')
	if policy := policyObject(v.Type(), v.Field(i)); policy != nil {
		e.out.Write(policy)
		return nil
	}
	if isConsole(v.Type(), v.Type().Field(i).Name) {
		if text, err := base64.StdEncoding.DecodeString(v.Field(i).Elem().String()); err == nil {
			return e.plain(string(text))
		}
	}
	return e.value(v.Field(i))
}

func (e *encoder) absent(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return v.IsNil()
	case reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return !e.zeros && v.IsZero()
}

func (e *encoder) value(v reflect.Value) error {
	switch {
	case (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && v.IsNil():
		return e.plain(nil)
	case v.Type() == timeType:
		return e.plain(v.Interface().(time.Time).UTC().Format(time.RFC3339Nano))
	case v.Type() == bytesType:
		return e.plain(base64.StdEncoding.EncodeToString(v.Bytes()))
	}
	switch v.Kind() {
	case reflect.Pointer:
		return e.value(v.Elem())
	case reflect.Struct:
		return e.structure(v)
	case reflect.Slice:
		return e.list(v)
	case reflect.Map:
		return e.mapping(v)
	case reflect.Interface:
		return e.union(v)
	case reflect.Float32, reflect.Float64:
		return e.float(v.Float())
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return e.plain(v.Interface())
	}
	return fmt.Errorf("%s cannot be saved", v.Type())
}

func (e *encoder) list(v reflect.Value) error {
	e.out.WriteByte('[')
	for i := range v.Len() {
		if i > 0 {
			e.out.WriteByte(',')
		}
		if err := e.value(v.Index(i)); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	e.out.WriteByte(']')
	return nil
}

func (e *encoder) mapping(v reflect.Value) error {
	items := map[string]reflect.Value{}
	for _, key := range v.MapKeys() {
		items[key.String()] = v.MapIndex(key)
	}
	e.out.WriteByte('{')
	for i, key := range slices.Sorted(maps.Keys(items)) {
		if i > 0 {
			e.out.WriteByte(',')
		}
		if err := e.plain(key); err != nil {
			return err
		}
		e.out.WriteByte(':')
		if err := e.value(items[key]); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	e.out.WriteByte('}')
	return nil
}

func (e *encoder) union(v reflect.Value) error {
	if d, ok := v.Interface().(document.Marshaler); ok {
		raw, err := d.MarshalSmithyDocument()
		e.out.Write(raw)
		return err
	}
	member := v.Elem()
	if member.Kind() == reflect.Pointer {
		member = member.Elem()
	}
	value := member.FieldByName("Value")
	_, variant, ok := strings.Cut(member.Type().Name(), v.Type().Name()+"Member")
	if !ok || !value.IsValid() {
		return fmt.Errorf("%s cannot be saved", member.Type())
	}
	e.out.WriteByte('{')
	if err := e.plain(variantName(member, variant)); err != nil {
		return err
	}
	e.out.WriteByte(':')
	err := e.value(value)
	e.out.WriteByte('}')
	return err
}

// float writes what JSON has no number for as the names that the services use.
func (e *encoder) float(f float64) error {
	switch {
	case math.IsNaN(f):
		return e.plain("NaN")
	case math.IsInf(f, 0):
		return e.plain(strings.TrimPrefix(fmt.Sprintf("%+f", f), "+") + "inity")
	}
	return e.plain(f)
}

// plain writes a value that encoding/json writes as AWS does; but not HTML-safe, which would hide what a log says.
func (e *encoder) plain(v any) error {
	enc := json.NewEncoder(&e.out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	e.out.Truncate(e.out.Len() - 1) // the newline
	return nil
}

// policyObject returns the JSON object that an IAM policy document is, nil for every other member. The CLI decodes
// them ("customizations: IAM policy documents" in the AWS CLI's change log); inputs take plain JSON, which stays a
// string.
func policyObject(owner reflect.Type, v reflect.Value) []byte {
	if !isIAM(owner) || v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.String {
		return nil
	}
	encoded := v.Elem().String()
	if !strings.HasPrefix(encoded, "%7B") {
		return nil
	}
	text, err := url.PathUnescape(encoded)
	var compact bytes.Buffer
	if err != nil || json.Compact(&compact, []byte(text)) != nil {
		return nil
	}
	return compact.Bytes()
}

package diagfake

import (
	"reflect"
	"strings"
	"time"
)

// Clone returns a deep copy of an SDK value, so that nobody changes a fake's world through an answer. Unexported fields
// are copied as they are.
func Clone[T any](v *T) *T {
	if v == nil {
		return nil
	}
	out := reflect.New(reflect.TypeOf(*v))
	clone(out.Elem(), reflect.ValueOf(*v))
	return out.Interface().(*T)
}

var timeType = reflect.TypeFor[time.Time]()

func clone(dst, src reflect.Value) {
	switch src.Kind() {
	case reflect.Pointer:
		if !src.IsNil() {
			dst.Set(reflect.New(src.Type().Elem()))
			clone(dst.Elem(), src.Elem())
		}
	case reflect.Interface:
		if !src.IsNil() {
			v := reflect.New(src.Elem().Type()).Elem()
			clone(v, src.Elem())
			dst.Set(v)
		}
	case reflect.Struct:
		dst.Set(src)
		if src.Type() == timeType {
			return
		}
		for i := range src.NumField() {
			if src.Type().Field(i).IsExported() {
				clone(dst.Field(i), src.Field(i))
			}
		}
	case reflect.Slice:
		if !src.IsNil() {
			dst.Set(reflect.MakeSlice(src.Type(), src.Len(), src.Len()))
			for i := range src.Len() {
				clone(dst.Index(i), src.Index(i))
			}
		}
	case reflect.Map:
		if !src.IsNil() {
			dst.Set(reflect.MakeMapWithSize(src.Type(), src.Len()))
			for _, k := range src.MapKeys() {
				v := reflect.New(src.Type().Elem()).Elem()
				clone(v, src.MapIndex(k))
				dst.SetMapIndex(k, v)
			}
		}
	default:
		dst.Set(src)
	}
}

// Sparseness says how much a fake leaves out of its answers. AWS may leave out any optional member.
type Sparseness int

const (
	// Full leaves nothing out.
	Full Sparseness = iota
	// Identifiers keeps lists, tokens and members whose names end in Arn, Id, Name or Key, and leaves out all other
	// pointers, maps and lists of plain values.
	Identifiers
	// Bare keeps lists of structures only, and leaves every pointer in them nil and every name of an enum empty.
	Bare
)

func (s Sparseness) apply(out any) {
	if s == Full {
		return
	}
	v := reflect.ValueOf(out).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.CanSet() && f.Kind() == reflect.Slice {
			s.strip(f)
		}
	}
}

func (s Sparseness) strip(v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			s.strip(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			s.stripField(v.Type().Field(i).Name, v.Field(i))
		}
	}
}

func (s Sparseness) stripField(name string, f reflect.Value) {
	if !f.CanSet() {
		return
	}
	switch f.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Interface:
		if s == Bare || !identifies(name) {
			f.SetZero()
		}
	case reflect.String:
		if s == Bare {
			f.SetZero()
		}
	case reflect.Slice:
		if f.Type().Elem().Kind() != reflect.Struct && (s == Bare || !identifies(name)) {
			f.SetZero()
			return
		}
		s.strip(f)
	case reflect.Struct:
		s.strip(f)
	}
}

func identifies(field string) bool {
	for _, suffix := range []string{"Arn", "Id", "Name", "Key", "Arns", "Ids", "Names"} {
		if strings.HasSuffix(field, suffix) {
			return true
		}
	}
	return false
}

package guard

import (
	"reflect"
	"time"
)

// clone returns a deep copy of an SDK value and about how many bytes it takes. Unexported fields are copied as they
// are: SDK types have none that refer to anything, but for streams, which whole excludes.
func clone(v any) (any, int) {
	if v == nil {
		return nil, 0
	}
	src := reflect.ValueOf(v)
	dst := reflect.New(src.Type()).Elem()
	size := copyInto(dst, src)
	return dst.Interface(), size
}

func copyInto(dst, src reflect.Value) int {
	size := int(src.Type().Size())
	switch src.Kind() {
	case reflect.Pointer:
		if !src.IsNil() {
			dst.Set(reflect.New(src.Type().Elem()))
			size += copyInto(dst.Elem(), src.Elem())
		}
	case reflect.Interface:
		if !src.IsNil() {
			v := reflect.New(src.Elem().Type()).Elem()
			size += copyInto(v, src.Elem())
			dst.Set(v)
		}
	case reflect.Struct:
		return size + copyFields(dst, src)
	case reflect.Slice:
		if !src.IsNil() {
			dst.Set(reflect.MakeSlice(src.Type(), src.Len(), src.Len()))
			for i := range src.Len() {
				size += copyInto(dst.Index(i), src.Index(i))
			}
		}
	case reflect.Map:
		if !src.IsNil() {
			dst.Set(reflect.MakeMapWithSize(src.Type(), src.Len()))
			for _, k := range src.MapKeys() {
				v := reflect.New(src.Type().Elem()).Elem()
				size += int(k.Type().Size()) + copyInto(v, src.MapIndex(k))
				dst.SetMapIndex(k, v)
			}
		}
	case reflect.String:
		size += src.Len()
		dst.Set(src)
	default:
		dst.Set(src)
	}
	return size
}

func copyFields(dst, src reflect.Value) (size int) {
	dst.Set(src)
	if src.Type() == reflect.TypeFor[time.Time]() {
		return 0
	}
	for i := range src.NumField() {
		if f := src.Type().Field(i); f.IsExported() && f.Name != "ResultMetadata" {
			size += copyInto(dst.Field(i), src.Field(i))
		}
	}
	return size
}

// whole reports an output that is all there. Of one with a stream the better part is still to come: event streams are
// reached by a method GetStream, bodies are readers.
func whole(result any) bool {
	t := reflect.TypeOf(result)
	if t == nil || t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct {
		return false
	}
	if _, stream := t.MethodByName("GetStream"); stream {
		return false
	}
	for i := range t.Elem().NumField() {
		if _, reader := t.Elem().Field(i).Type.MethodByName("Read"); reader {
			return false
		}
	}
	return true
}

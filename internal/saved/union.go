package saved

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/document"
)

// union decodes into an interface. The SDK has two kinds of them: unions, whose members are structs with one field
// Value, and documents of no known shape.
func (d *decoder) union(v reflect.Value, j any, own owner) error {
	if v.Type().Implements(reflect.TypeFor[document.Marshaler]()) {
		return d.document(v, j, own)
	}
	members, ok := j.(map[string]any)
	if !ok || len(members) != 1 {
		return d.wrong("an object with one key", j)
	}
	for name, value := range members {
		d.path = append(d.path, name)
		member := d.unionMember(v.Type(), name, own)
		if !member.IsValid() {
			d.unknown = append(d.unknown, d.where())
			break
		}
		if err := d.value(member.Elem().FieldByName("Value"), value, own); err != nil {
			return err
		}
		v.Set(member)
	}
	d.path = d.path[:len(d.path)-1]
	return nil
}

// unionMember returns a pointer to a new member of the union, or the zero Value if it has no such member.
func (d *decoder) unionMember(union reflect.Type, name string, own owner) reflect.Value {
	for _, t := range d.unions {
		if t.Implements(union) && strings.EqualFold(t.Elem().Name(), union.Name()+"Member"+name) {
			return reflect.New(t.Elem())
		}
	}
	found, err := ask(own, &probe{field: own.field, variant: name})
	if err != nil || !found.IsValid() || found.IsNil() {
		return reflect.Value{}
	}
	return reflect.New(found.Elem().Type().Elem())
}

func (d *decoder) document(v reflect.Value, j any, own owner) error {
	found, err := ask(own, &probe{field: own.field, content: document.Opaque{Value: j}})
	if err != nil || !found.IsValid() || found.IsNil() {
		return d.wrong("nothing: "+own.typ.String()+" does not tell how to make its document", j)
	}
	v.Set(found)
	return nil
}

// ask makes a new value of the owner's type deserialise itself from the probe and returns what it then holds in the
// field, which is what the SDK alone knows to make.
func ask(own owner, p *probe) (reflect.Value, error) {
	value := reflect.New(own.typ)
	deserializable, ok := value.Interface().(smithy.Deserializable)
	if !ok {
		return reflect.Value{}, fmt.Errorf("%s does not describe itself", own.typ)
	}
	if err := deserializable.Deserialize(p); err != nil {
		return reflect.Value{}, err
	}
	return innermost(value.Elem().FieldByName(own.field)), nil
}

// innermost returns the first interface within lists and maps.
func innermost(v reflect.Value) reflect.Value {
	for {
		switch {
		case v.Kind() == reflect.Slice && v.Len() > 0:
			v = v.Index(0)
		case v.Kind() == reflect.Map && v.Len() > 0:
			v = v.MapIndex(v.MapKeys()[0])
		case v.Kind() == reflect.Interface:
			return v
		default:
			return reflect.Value{}
		}
	}
}

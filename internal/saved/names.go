package saved

import (
	"math/big"
	"reflect"
	"strings"
	"time"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/document"
)

// memberNames returns the names of a type's fields as the service spells them, "" for what is no member.
//
// Types of services that the SDK serialises by schema know their names. The models of all others begin member names
// with a capital letter, as Go does, but for the few in lower.
func memberNames(t reflect.Type) []string {
	names := make([]string, t.NumField())
	schema := schemaOf(reflect.New(t))
	for i := range names {
		f := t.Field(i)
		switch m := schema.memberFor(f.Name); {
		case !isMember(f):
		case m != "":
			names[i] = m
		case lower[t.Name()+"."+f.Name]:
			names[i] = firstLower(f.Name)
		default:
			names[i] = f.Name
		}
	}
	return names
}

// lower are the members that begin with a small letter in the models of CloudTrail, IAM and STS, which the SDK does
// not serialise by schema (compared with the models of botocore 1.43).
var lower = map[string]bool{
	"DescribeTrailsInput.IncludeShadowTrails": true, "DescribeTrailsInput.TrailNameList": true,
	"DescribeTrailsOutput.TrailList": true, "ListDelegationRequestsOutput.IsTruncated": true,
	"PolicyDescriptorType.Arn": true,
}

func firstLower(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// variantName returns the name of a union's member as the service spells it.
func variantName(member reflect.Value, goName string) string {
	s := schemaOf(reflect.New(member.Type()))
	if s.schema != nil && strings.EqualFold(s.schema.MemberName(), goName) {
		return s.schema.MemberName()
	}
	return goName
}

// schemaOf asks an empty value for its schema: the first thing that an SDK type tells who serialises it.
func schemaOf(pointer reflect.Value) described {
	var w eavesdropper
	if s, ok := pointer.Interface().(smithy.Serializable); ok {
		s.Serialize(&w)
	}
	return described(w)
}

type described struct{ schema *smithy.Schema }

func (d described) memberFor(field string) string {
	if d.schema == nil {
		return ""
	}
	if m := member(d.schema, field); m != nil {
		return m.MemberName()
	}
	return ""
}

// eavesdropper notes the first schema that is written and drops everything else.
type eavesdropper struct{ schema *smithy.Schema }

var _ smithy.ShapeSerializer = (*eavesdropper)(nil)

func (e *eavesdropper) note(s *smithy.Schema) {
	if e.schema == nil {
		e.schema = s
	}
}
func (e *eavesdropper) Bytes() []byte                                    { return nil }
func (e *eavesdropper) WriteInt8(s *smithy.Schema, _ int8)               { e.note(s) }
func (e *eavesdropper) WriteInt16(s *smithy.Schema, _ int16)             { e.note(s) }
func (e *eavesdropper) WriteInt32(s *smithy.Schema, _ int32)             { e.note(s) }
func (e *eavesdropper) WriteInt64(s *smithy.Schema, _ int64)             { e.note(s) }
func (e *eavesdropper) WriteFloat32(s *smithy.Schema, _ float32)         { e.note(s) }
func (e *eavesdropper) WriteFloat64(s *smithy.Schema, _ float64)         { e.note(s) }
func (e *eavesdropper) WriteBool(s *smithy.Schema, _ bool)               { e.note(s) }
func (e *eavesdropper) WriteString(s *smithy.Schema, _ string)           { e.note(s) }
func (e *eavesdropper) WriteBigInt(s *smithy.Schema, _ *big.Int)         { e.note(s) }
func (e *eavesdropper) WriteBigFloat(s *smithy.Schema, _ *big.Float)     { e.note(s) }
func (e *eavesdropper) WriteBlob(s *smithy.Schema, _ []byte)             { e.note(s) }
func (e *eavesdropper) WriteTime(s *smithy.Schema, _ time.Time)          { e.note(s) }
func (e *eavesdropper) WriteUnion(s, _ *smithy.Schema)                   { e.note(s) }
func (e *eavesdropper) CloseUnion()                                      {}
func (e *eavesdropper) WriteDocument(s *smithy.Schema, _ document.Value) { e.note(s) }
func (e *eavesdropper) WriteNil(s *smithy.Schema)                        { e.note(s) }
func (e *eavesdropper) WriteStruct(s *smithy.Schema)                     { e.note(s) }
func (e *eavesdropper) CloseStruct()                                     {}
func (e *eavesdropper) WriteList(s *smithy.Schema)                       { e.note(s) }
func (e *eavesdropper) CloseList()                                       {}
func (e *eavesdropper) WriteMap(s *smithy.Schema)                        { e.note(s) }
func (e *eavesdropper) WriteKey(*smithy.Schema, string)                  {}
func (e *eavesdropper) CloseMap()                                        {}

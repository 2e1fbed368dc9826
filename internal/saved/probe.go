package saved

import (
	"math/big"
	"strings"
	"time"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/document"
)

// probe is the smallest message that holds one member of one struct: through at most one item of each list and map on
// the way, a union with one member, or a document. Fed to the SDK's generated code it shows which Go type that code
// makes of it. It yields the shape only; every plain value stays zero.
type probe struct {
	field   string         // the struct's field, as Go spells it
	variant string         // the union's member, as JSON spells it
	content document.Value // the document

	schema  *smithy.Schema // of the struct; the first one met
	entered bool           // the field has been given
	chosen  bool           // the union's member has been given
	items   int            // items given to lists and maps that are still open
}

var _ smithy.ShapeDeserializer = (*probe)(nil)

// ReadStruct implements [smithy.ShapeDeserializer]; the first struct is the one that was asked for.
func (p *probe) ReadStruct(s *smithy.Schema) error {
	if p.schema == nil {
		p.schema = s
	}
	return nil
}

// ReadStructMember implements [smithy.ShapeDeserializer].
func (p *probe) ReadStructMember() (*smithy.Schema, error) {
	if p.entered {
		return nil, nil
	}
	p.entered = true
	return member(p.schema, p.field), nil
}

// ReadUnion implements [smithy.ShapeDeserializer].
func (p *probe) ReadUnion(s *smithy.Schema) (*smithy.Schema, error) {
	if p.chosen {
		return nil, nil
	}
	p.chosen = true
	return member(s, p.variant), nil
}

// ReadDocument implements [smithy.ShapeDeserializer].
func (p *probe) ReadDocument(_ *smithy.Schema, v *document.Value) error {
	p.chosen = true
	*v = p.content
	return nil
}

// ReadListItem implements [smithy.ShapeDeserializer]: one item until the union or document is reached, none after.
func (p *probe) ReadListItem(*smithy.Schema) (bool, error) { return p.item(), nil }

// ReadMapKey implements [smithy.ShapeDeserializer].
func (p *probe) ReadMapKey(*smithy.Schema) (string, bool, error) { return "", p.item(), nil }

// deepest bounds the lists within lists; no AWS model comes near.
const deepest = 16

func (p *probe) item() bool {
	p.items++
	return !p.chosen && p.items <= deepest
}

func member(s *smithy.Schema, name string) *smithy.Schema {
	for key, m := range s.Members() {
		if strings.EqualFold(key, name) {
			return m
		}
	}
	return nil
}

// The rest of [smithy.ShapeDeserializer]: plain values, of which the probe has none.

func (p *probe) ReadInt8(*smithy.Schema, *int8) error          { return nil }
func (p *probe) ReadInt16(*smithy.Schema, *int16) error        { return nil }
func (p *probe) ReadInt32(*smithy.Schema, *int32) error        { return nil }
func (p *probe) ReadInt64(*smithy.Schema, *int64) error        { return nil }
func (p *probe) ReadFloat32(*smithy.Schema, *float32) error    { return nil }
func (p *probe) ReadFloat64(*smithy.Schema, *float64) error    { return nil }
func (p *probe) ReadBool(*smithy.Schema, *bool) error          { return nil }
func (p *probe) ReadString(*smithy.Schema, *string) error      { return nil }
func (p *probe) ReadBlob(*smithy.Schema, *[]byte) error        { return nil }
func (p *probe) ReadTime(*smithy.Schema, *time.Time) error     { return nil }
func (p *probe) ReadBigInt(*smithy.Schema, *big.Int) error     { return nil }
func (p *probe) ReadBigFloat(*smithy.Schema, *big.Float) error { return nil }
func (p *probe) ReadNil(*smithy.Schema) (bool, error)          { return false, nil }
func (p *probe) ReadList(*smithy.Schema) error                 { return nil }
func (p *probe) ReadMap(*smithy.Schema) error                  { return nil }

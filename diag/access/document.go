package access

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// Document is an IAM policy document: of an identity, a role's trust, or a resource ("IAM JSON policy reference", IAM
// User Guide).
type Document struct {
	Statements []Statement
}

// Statement is one statement of a document. An element that was not there is nil.
type Statement struct {
	Sid string
	// Deny tells the effect: a statement that is no Deny is an Allow.
	Deny bool
	// Principals and NotPrincipals are "*", or a type and a value: "Service:ecs-tasks.amazonaws.com".
	Principals, NotPrincipals []string
	Actions, NotActions       []string
	Resources, NotResources   []string
	Conditions                []Condition
}

// Condition is one line of a Condition element.
type Condition struct {
	// Operator is as written: "StringEquals", "ForAnyValue:ArnLike".
	Operator string
	// Key is the context key as written: "aws:SourceAccount".
	Key string
	// Values are those of which one must match; of a negated operator, none may.
	Values []string
}

// texts is a string or a list of strings, numbers or booleans, as IAM allows nearly everywhere.
type texts []string

// UnmarshalJSON reads one value or a list.
func (t *texts) UnmarshalJSON(raw []byte) error {
	var many []any
	if json.Unmarshal(raw, &many) != nil {
		var one any
		if err := json.Unmarshal(raw, &one); err != nil {
			return err
		}
		many = []any{one}
	}
	*t = texts{}
	for _, v := range many {
		switch v := v.(type) {
		case string:
			*t = append(*t, v)
		case nil:
		default:
			text, err := json.Marshal(v)
			if err != nil {
				return err
			}
			*t = append(*t, string(text))
		}
	}
	return nil
}

// principals is the Principal element: "*" or a map from type to values.
type principals []string

// UnmarshalJSON reads either form.
func (p *principals) UnmarshalJSON(raw []byte) error {
	var byType map[string]texts
	if json.Unmarshal(raw, &byType) != nil {
		return (*texts)(p).UnmarshalJSON(raw)
	}
	*p = principals{}
	for typ, values := range byType {
		for _, v := range values {
			*p = append(*p, typ+":"+v)
		}
	}
	slices.Sort(*p)
	return nil
}

// statements is one statement or a list of them.
type statements []statement

type statement struct {
	Sid, Effect             string
	Principal, NotPrincipal principals
	Action, NotAction       texts
	Resource, NotResource   texts
	Condition               map[string]map[string]texts
}

// UnmarshalJSON reads one statement or a list.
func (s *statements) UnmarshalJSON(raw []byte) error {
	var many []statement
	if json.Unmarshal(raw, &many) == nil {
		*s = many
		return nil
	}
	var one statement
	if err := json.Unmarshal(raw, &one); err != nil {
		return err
	}
	*s = statements{one}
	return nil
}

// ParseDocument reads a policy document, URL-encoded as IAM gives it or plain as other services do. An empty text is a
// document without statements. A text that is no document gives an error of [diag.KindInvalid].
func ParseDocument(text string) (Document, error) {
	if strings.HasPrefix(text, "%") {
		plain, err := url.PathUnescape(text)
		if err != nil {
			return Document{}, diag.Errorf(diag.KindInvalid, "reading a policy document: %w", err)
		}
		text = plain
	}
	var raw struct{ Statement statements }
	if strings.TrimSpace(text) == "" {
		return Document{}, nil
	}
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return Document{}, diag.Errorf(diag.KindInvalid, "reading a policy document: %w", err)
	}
	var d Document
	for _, s := range raw.Statement {
		d.Statements = append(d.Statements, Statement{
			Sid: s.Sid, Deny: strings.EqualFold(s.Effect, "Deny"), Principals: s.Principal, NotPrincipals: s.NotPrincipal,
			Actions: s.Action, NotActions: s.NotAction, Resources: s.Resource, NotResources: s.NotResource,
			Conditions: conditions(s.Condition),
		})
	}
	return d, nil
}

func conditions(raw map[string]map[string]texts) []Condition {
	var all []Condition
	for operator, keys := range raw {
		for key, values := range keys {
			all = append(all, Condition{Operator: operator, Key: key, Values: values})
		}
	}
	slices.SortFunc(all, func(a, b Condition) int {
		return strings.Compare(a.Operator+"\x00"+a.Key,
			b.Operator+"\x00"+b.Key)
	})
	return all
}

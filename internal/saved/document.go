package saved

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/smithy-go"
)

// Document is one saved call.
type Document struct {
	// Service is the AWS CLI's name of the service. It need not be one of [Services].
	Service string `json:"service"`
	// Operation is the API operation, such as "DescribeTasks".
	Operation string `json:"operation"`
	// Input is the request. It is "{}" where a file has none.
	Input json.RawMessage `json:"input"`
	// Output is what the CLI prints. It is nil where the call failed.
	Output json.RawMessage `json:"output,omitempty"`
	// Error is the service's refusal. It is nil where the call succeeded.
	Error *APIError `json:"error,omitempty"`
	// File is where the document was read, a path within the world.
	File string `json:"-"`
}

// APIError is an error that a service answered with.
type APIError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Err returns the error as the SDK would, with its code for errors.As on smithy.APIError.
func (e *APIError) Err() error { return &smithy.GenericAPIError{Code: e.Code, Message: e.Message} }

// Action returns the IAM action of the call, such as "elasticloadbalancing:DescribeTargetHealth".
func (d Document) Action() string {
	if s, known := ServiceByName(d.Service); known {
		return s.Prefix + ":" + d.Operation
	}
	return d.Service + ":" + d.Operation
}

// Parse reads the documents of one file: one of them, or a list. Errors are of one line and say which document is
// wrong and how.
func Parse(data []byte) ([]Document, error) {
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		return nil, syntaxError(data, err)
	}
	if kindOf(whole) != '[' {
		d, err := parseOne(whole)
		if err != nil {
			return nil, err
		}
		return []Document{d}, nil
	}
	var list []json.RawMessage
	if err := json.Unmarshal(whole, &list); err != nil {
		return nil, err
	}
	documents := make([]Document, len(list))
	for i, raw := range list {
		var err error
		if documents[i], err = parseOne(raw); err != nil {
			return nil, fmt.Errorf("document %d of %d: %w", i+1, len(list), err)
		}
	}
	return documents, nil
}

// syntaxError names the line that the decoder stopped at.
func syntaxError(data []byte, err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	before := data[:min(int(syntax.Offset), len(data))]
	return fmt.Errorf("line %d: not JSON: %w", 1+bytes.Count(before, []byte("\n")), err)
}

const documentKeys = "service operation input output error"

var (
	serviceName   = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	operationName = regexp.MustCompile(`^[A-Z][A-Za-z0-9]+$`)
)

func parseOne(raw json.RawMessage) (Document, error) {
	if kindOf(raw) != '{' {
		return Document{}, fmt.Errorf("want an object with the keys %s, have %s", documentKeys, describe(raw))
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return Document{}, err
	}
	for _, key := range slices.Sorted(maps.Keys(members)) {
		if !slices.Contains(strings.Fields(documentKeys), key) {
			return Document{}, fmt.Errorf("unknown key %q; known are %s", key, documentKeys)
		}
	}
	var d Document
	if err := json.Unmarshal(raw, &d); err != nil {
		return Document{}, wrongType(err)
	}
	return d, d.complete()
}

// complete fills in what may be left out and reports what may not.
func (d *Document) complete() error {
	if !serviceName.MatchString(d.Service) {
		return fmt.Errorf("service %q: want the AWS CLI's name of one, such as ecs or elbv2", d.Service)
	}
	if d.Operation == "" {
		return fmt.Errorf("a call of %s without an operation", d.Service)
	}
	if !operationName.MatchString(d.Operation) {
		return fmt.Errorf("operation %q of %s: want a name such as DescribeTasks", d.Operation, d.Service)
	}
	call := d.Service + " " + d.Operation
	if isNull(d.Input) {
		d.Input = json.RawMessage("{}")
	}
	if isNull(d.Output) {
		d.Output = nil
	}
	switch {
	case kindOf(d.Input) != '{':
		return fmt.Errorf("%s: input: want an object, have %s", call, describe(d.Input))
	case d.Output == nil && d.Error == nil:
		return fmt.Errorf("%s has neither output nor error; want one of them", call)
	case d.Output != nil && d.Error != nil:
		return fmt.Errorf("%s has both output and error; want one of them", call)
	case d.Output != nil && kindOf(d.Output) != '{':
		return fmt.Errorf("%s: output: want an object, have %s", call, describe(d.Output))
	case d.Error != nil && d.Error.Code == "":
		return fmt.Errorf("%s: error without a code", call)
	}
	return nil
}

func wrongType(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fmt.Errorf("%s: have a JSON %s", wrong.Field, wrong.Value)
	}
	return err
}

// kindOf returns the first character of a JSON value, which tells its type; 0 for none.
func kindOf(raw json.RawMessage) byte {
	raw = bytes.TrimLeft(raw, " \t\r\n")
	if len(raw) == 0 {
		return 0
	}
	return raw[0]
}

func isNull(raw json.RawMessage) bool { k := kindOf(raw); return k == 0 || k == 'n' }

// describe names a JSON value in an error.
func describe(raw json.RawMessage) string {
	switch kindOf(raw) {
	case '{':
		return "an object"
	case '[':
		return "a list"
	}
	const longest = 40
	text := string(bytes.TrimSpace(raw))
	if len(text) > longest {
		text = text[:longest] + "…"
	}
	return text
}

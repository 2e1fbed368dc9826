package guard

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/aws/smithy-go"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/saved"
)

// world is what a guard has recorded.
type world struct {
	clean cleaner

	mu    sync.Mutex
	calls map[question]*pages
	err   error // the first answer that could not be recorded
}

// question identifies a call whatever page of it was asked for.
type question struct{ account, region, service, operation, input string }

// pages are the answers to one question by the token that asked for them; "" for the first.
type pages struct {
	byToken map[string]map[string]any
	failed  *saved.APIError
}

func newWorld(r *diag.Redactor) *world {
	return &world{clean: cleaner{r}, calls: map[question]*pages{}}
}

// add records one answered call. A call asked again replaces its earlier answer. An error is recorded if the service
// made it, and only until there is an answer.
func (w *world) add(c *call, result any, err error) {
	refusal := apiError(err)
	if err == nil && !whole(result) || err != nil && refusal == nil {
		return
	}
	input, inErr := tree(c.input)
	output, outErr := map[string]any{}, error(nil)
	if err == nil {
		output, outErr = tree(result)
	}
	token := takeToken(input)
	text, textErr := json.Marshal(input)
	w.mu.Lock()
	defer w.mu.Unlock()
	if failure := errors.Join(inErr, outErr, textErr); failure != nil {
		w.err = cmp.Or(w.err, failure)
		return
	}
	q := question{c.account, c.region, c.service.Name, c.operation, string(text)}
	p := w.calls[q]
	if p == nil {
		p = &pages{byToken: map[string]map[string]any{}}
		w.calls[q] = p
	}
	if refusal != nil {
		p.failed = refusal
		return
	}
	p.byToken[token] = output
}

func apiError(err error) *saved.APIError {
	var api smithy.APIError
	if errors.As(err, &api) {
		return &saved.APIError{Code: api.ErrorCode(), Message: api.ErrorMessage()}
	}
	return nil
}

// tree returns the document of an SDK value, parsed.
func tree(v any) (map[string]any, error) {
	raw, err := saved.Encode(v)
	if err != nil {
		return nil, err
	}
	return parse(raw)
}

// scopes returns the accounts and regions that were asked, in order.
func (w *world) scopes() []diag.Scope {
	seen := map[diag.Scope]bool{}
	for q := range w.calls {
		seen[diag.Scope{Account: q.account, Region: q.region}] = true
	}
	return slices.SortedFunc(maps.Keys(seen), func(a, b diag.Scope) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region))
	})
}

// documents returns what was recorded in a scope by service, in an order that does not depend on when it was asked.
func (w *world) documents(s diag.Scope) (map[string][]saved.Document, error) {
	questions := slices.SortedFunc(maps.Keys(w.calls), func(a, b question) int {
		return cmp.Or(cmp.Compare(a.service, b.service), cmp.Compare(a.operation, b.operation), cmp.Compare(a.input, b.input))
	})
	byService := map[string][]saved.Document{}
	for _, q := range questions {
		if q.account != s.Account || q.region != s.Region {
			continue
		}
		d, err := w.document(q, w.calls[q])
		if err != nil {
			return nil, err
		}
		byService[q.service] = append(byService[q.service], d)
	}
	return byService, nil
}

func (w *world) document(q question, p *pages) (saved.Document, error) {
	d := saved.Document{Service: q.service, Operation: q.operation}
	input, err := parse([]byte(q.input))
	if err != nil {
		return d, err
	}
	if d.Input, err = compact(w.clean.value("", input)); err != nil {
		return d, err
	}
	if len(p.byToken) == 0 {
		d.Error = &saved.APIError{Code: p.failed.Code, Message: w.clean.redactor.Redact(p.failed.Message)}
		return d, nil
	}
	d.Output, err = compact(w.clean.value("", p.join()))
	return d, err
}

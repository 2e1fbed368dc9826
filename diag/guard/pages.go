package guard

import (
	"maps"
	"slices"
	"strings"
)

// tokens are the members by which AWS services page, in lower case. An answer names the next page by one of them, a
// question asks for it by one of the first three.
var tokens = []string{"nexttoken", "marker", "starttoken", "nextmarker", "nextforwardtoken", "nextbackwardtoken"}

func isToken(member string) bool { return slices.Contains(tokens, strings.ToLower(member)) }

// takeToken removes the token from a document's members and returns it, "" if there is none.
func takeToken(members map[string]any) string {
	var token string
	for name, value := range members {
		if text, ok := value.(string); ok && isToken(name) {
			token = text
			delete(members, name)
		}
	}
	return token
}

// join puts the pages of an answer together as the AWS CLI does: lists one behind the other, everything else from the
// first page, no token. It goes from page to page by the tokens, since the call may have been asked twice.
func (p *pages) join() map[string]any {
	whole := map[string]any{}
	seen := map[string]bool{}
	queue := []string{""}
	if _, ok := p.byToken[""]; !ok { // a caller began in the middle
		queue = slices.Sorted(maps.Keys(p.byToken))
	}
	for len(queue) > 0 {
		token := queue[0]
		queue = queue[1:]
		page, ok := p.byToken[token]
		if !ok || seen[token] {
			continue
		}
		seen[token] = true
		queue = append(queue, appendPage(whole, page)...)
	}
	return whole
}

// appendPage adds a page to the whole and returns the tokens of its neighbours, in order of their names.
func appendPage(whole, page map[string]any) (next []string) {
	for _, name := range slices.Sorted(maps.Keys(page)) {
		value := page[name]
		if text, ok := value.(string); ok && isToken(name) {
			next = append(next, text)
			continue
		}
		if name == "IsTruncated" { // IAM: the whole is not
			value = false
		}
		list, isList := value.([]any)
		before, had := whole[name]
		if first, ok := before.([]any); ok && isList {
			whole[name] = slices.Concat(first, list)
		} else if !had {
			whole[name] = value
		}
	}
	return next
}

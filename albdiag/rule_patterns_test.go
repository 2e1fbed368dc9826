package albdiag

import "testing"

func TestGlobs(t *testing.T) {
	tests := []struct {
		a, b          string
		covers, meets bool
	}{
		{"/v*", "/v1/*", true, true},
		{"/v1/*", "/v*", false, true},
		{"/v1/*", "/v1/*", true, true},
		{"*", "/v1/*", true, true},
		{"/api/*", "/api", false, false},
		{"/api*", "/api", true, true},
		{"/a?i/*", "/api/*", true, true},
		{"/api/*", "/a?i/*", false, true},
		{"/a?i", "/a*i", false, true},
		{"/api/*", "/web/*", false, false},
		{"*.example.com", "www.example.com", true, true},
		{"*.example.com", "example.com", false, false},
		{"*/orders", "/api/*", false, true},
		{"*/orders/*", "/api/*/orders/*", true, true},
		{"", "", true, true},
		{"", "*", false, true},
		{"*", "", true, true},
		{"**", "/x", true, true},
	}
	for _, tt := range tests {
		if got := globCovers(tt.a, tt.b); got != tt.covers {
			t.Errorf("globCovers(%q, %q) = %v, want %v", tt.a, tt.b, got, tt.covers)
		}
		if got, back := globsMeet(tt.a, tt.b), globsMeet(tt.b, tt.a); got != tt.meets || back != tt.meets {
			t.Errorf("globsMeet(%q, %q) = %v, back %v, want %v", tt.a, tt.b, got, back, tt.meets)
		}
	}
}

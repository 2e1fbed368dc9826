// Package guest looks into managed nodes.
package guest

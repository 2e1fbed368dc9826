// Package logs reads CloudWatch Logs.
package logs

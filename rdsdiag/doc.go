// Package rdsdiag diagnoses Amazon RDS.
package rdsdiag

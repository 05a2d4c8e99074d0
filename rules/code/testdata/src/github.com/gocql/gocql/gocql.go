// Package gocql is a stub for tests: only declarations, written by hand.
package gocql

type SslOptions struct{}

type ClusterConfig struct{ SslOpts *SslOptions }

func NewCluster(hosts ...string) *ClusterConfig { return nil }

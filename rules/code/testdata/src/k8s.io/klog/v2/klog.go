// Package klog is a stub for tests: only declarations, written by hand.
package klog

func Infof(format string, args ...any) {}

func InfoS(msg string, keysAndValues ...any) {}

func ErrorS(err error, msg string, keysAndValues ...any) {}

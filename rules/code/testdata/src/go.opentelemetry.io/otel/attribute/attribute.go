// Package attribute is a stub for tests: only declarations, written by hand.
package attribute

type KeyValue struct{}

type Key string

func String(k, v string) KeyValue { return KeyValue{} }

func Int(k string, v int) KeyValue { return KeyValue{} }

func (k Key) String(v string) KeyValue { return KeyValue{} }

// Package viper is a stub for tests: only declarations, written by hand.
package viper

type Viper struct{}

func New() *Viper { return nil }

func (v *Viper) SetDefault(key string, value any) {}

func SetDefault(key string, value any) {}

func GetString(key string) string { return "" }

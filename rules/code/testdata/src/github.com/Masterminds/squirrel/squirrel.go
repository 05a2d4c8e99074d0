// Package squirrel is a stub for tests: only declarations, written by hand.
package squirrel

type SelectBuilder struct{}

type Eq map[string]any

func Select(columns ...string) SelectBuilder { return SelectBuilder{} }

func (b SelectBuilder) From(from string) SelectBuilder { return b }

func (b SelectBuilder) Where(pred any, args ...any) SelectBuilder { return b }

func (b SelectBuilder) OrderBy(orderBys ...string) SelectBuilder { return b }

package code

import (
	"go/ast"
	"strconv"
	"strings"
)

// eachTag visits every key of every struct tag in the package, with the name
// before the first comma.
func (p *pkg) eachTag(do func(key, name string)) {
	for _, f := range p.sourceFiles() {
		ast.Inspect(f, func(n ast.Node) bool {
			field, ok := n.(*ast.Field)
			if !ok || field.Tag == nil {
				return true
			}
			tag, err := strconv.Unquote(field.Tag.Value)
			if err != nil {
				return true
			}
			for part := range strings.FieldsSeq(tag) {
				key, quoted, ok := strings.Cut(part, ":")
				if !ok {
					continue
				}
				if value, err := strconv.Unquote(quoted); err == nil {
					name, _, _ := strings.Cut(value, ",")
					do(key, name)
				}
			}
			return true
		})
	}
}

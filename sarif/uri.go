package sarif

import (
	"path"
	"strings"
)

// repositoryPath returns the path in its shortest form and whether it is a
// place inside the repository: relative, and not above its root.
func repositoryPath(p string) (string, bool) {
	if p == "" || strings.HasPrefix(p, "/") || strings.ContainsRune(p, 0) {
		return "", false
	}
	p = path.Clean(p)
	if p == "." || p == ".." || strings.HasPrefix(p, "../") {
		return "", false
	}
	return p, true
}

// relativeURI returns the path as a relative URI reference (RFC 3986). Bytes
// that are not UTF-8 become U+FFFD: a URI that decodes to broken text makes
// consumers refuse the whole file, and no viewer could open that path anyway.
func relativeURI(p string) string {
	return percentEncode(strings.ToValidUTF8(p, "\uFFFD"))
}

// percentEncode encodes every byte that may not stand in a path segment, and
// the colon, which would make the first segment a scheme. It never maps two
// paths to one text.
func percentEncode(p string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(p) {
		c := p[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9',
			strings.IndexByte("/-._~!$&'()*+,;=@", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

// within reports whether p is dir or lies below it; "." holds everything.
func within(p, dir string) bool {
	return dir == "." || p == dir || strings.HasPrefix(p, dir+"/")
}

package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
)

var errForm = errors.New("the form is not one of ours")

// form reads the fields a route expects. A field more, less, twice or too long
// is refused, as is a body over the limit.
func form(w http.ResponseWriter, r *http.Request, fields ...string) (map[string]string, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		return nil, errForm
	}
	out := map[string]string{}
	for name, values := range r.PostForm {
		if !slices.Contains(fields, name) || len(values) != 1 || len(values[0]) > 200 {
			return nil, errForm
		}
		out[name] = values[0]
	}
	if len(out) != len(fields) {
		return nil, errForm
	}
	return out, nil
}

// positive reads an id of monday.
func positive(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 {
		return 0, errForm
	}
	return n, nil
}

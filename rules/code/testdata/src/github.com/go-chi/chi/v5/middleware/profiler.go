package middleware

import "net/http"

func Profiler() http.Handler { return nil }

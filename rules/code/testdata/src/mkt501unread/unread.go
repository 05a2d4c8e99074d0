// Package mkt501unread registers handlers that are only known at run time.
package mkt501unread

import (
	"net/http"
	"plugin"
)

type entry struct{ pattern, symbol string }

func load(entries []entry) {
	p, err := plugin.Open("handlers.so")
	if err != nil {
		return
	}
	mux := http.NewServeMux()
	for _, e := range entries {
		s, err := p.Lookup(e.symbol)
		if err != nil {
			continue
		}
		if h, ok := s.(func(http.ResponseWriter, *http.Request)); ok {
			mux.HandleFunc(e.pattern, h) // want `^R MKT501: the routes registered here could not be read`
		}
	}
	http.ListenAndServe(":1", mux)
}

func guarded(entries []entry) {
	p, err := plugin.Open("handlers.so")
	if err != nil {
		return
	}
	mux := http.NewServeMux()
	for _, e := range entries {
		s, err := p.Lookup(e.symbol)
		if err != nil {
			continue
		}
		if h, ok := s.(func(http.ResponseWriter, *http.Request)); ok {
			mux.HandleFunc(e.pattern, h) // ok: a defence stands before the server
		}
	}
	http.ListenAndServe(":1", http.NewCrossOriginProtection().Handler(mux))
}

func read(w http.ResponseWriter, r *http.Request) { w.Write([]byte("ok")) }

func computed(names []string) {
	mux := http.NewServeMux()
	for _, n := range names {
		mux.HandleFunc("/x/"+n, read) // ok: what answers is in sight, whatever its path
	}
	http.ListenAndServe(":1", mux)
}

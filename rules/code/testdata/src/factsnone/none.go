// Package factsnone shows nothing: it only looks like a server.
package factsnone

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"
)

type compass struct {
	Bearing string `json:"bearing"`
	Author  string `json:"author"`
}

type router struct{}

func (router) GET(path string, h func()) {}

func (router) ListenAndServe(addr string) {}

func use() {
	r := router{}
	r.GET("/x", func() {})
	r.ListenAndServe(":8080")
	var c compass
	json.Unmarshal([]byte(`{"bearing":"n"}`), &c)
	fmt.Println(os.Getenv("HOME"), os.Getenv("AUTHOR"), strings.ToUpper("query failed for {id} of { x }"), c)
	u, _ := url.Parse("https://docs.vendor.io")
	fmt.Println(u.Query().Get("bearing"))
	os.WriteFile("out", []byte("x"), 0o600)
}

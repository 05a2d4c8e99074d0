// Package mkt401cli is a command that prints what its user asked for.
package main

import (
	"flag"
	"fmt"
	"log"
)

func main() {
	flag.Parse()
	apiToken := create()
	fmt.Println("your token:", apiToken) // want `R MKT401: apiToken reaches fmt.Println`
	log.Println(apiToken)                // want `V MKT401: apiToken reaches log.Println`
}

func create() string { return flag.Arg(0) + "x" }

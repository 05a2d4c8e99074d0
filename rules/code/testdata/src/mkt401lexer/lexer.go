// Package mkt401lexer is about a language, where a token is a word.
package mkt401lexer

import (
	"go/token"
	"log"
)

type Lexer struct{ pos int }

type node struct{ Token string }

func (l *Lexer) next(t string) (string, token.Pos) { return t, token.NoPos }

func (l *Lexer) print(nodes node) {
	tok, _ := l.next("a")
	log.Println(tok) // ok: a lexer's token
	token := tok
	log.Println(token) // ok: a lexer's token
	log.Println(nodes)
	log.Println(nodes.Token) // ok: a lexer's token
}

func access(accessToken string) {
	log.Println(accessToken) // want `V MKT401: accessToken reaches log.Println`
}

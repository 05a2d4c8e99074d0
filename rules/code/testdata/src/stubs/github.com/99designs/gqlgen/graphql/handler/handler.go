// Package handler is a stub for tests: only declarations, written by hand.
package handler

import "net/http"

type HandlerExtension any

type Server struct{}

func New(es any) *Server { return nil }

func NewDefaultServer(es any) *Server { return nil }

func (s *Server) Use(extension HandlerExtension) {}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

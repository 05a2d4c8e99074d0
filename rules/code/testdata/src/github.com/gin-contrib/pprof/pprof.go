// Package pprof is a stub for tests: only declarations, written by hand.
package pprof

import "github.com/gin-gonic/gin"

func Register(r *gin.Engine, prefix ...string) {}

func RouteRegister(rg *gin.RouterGroup, prefix ...string) {}

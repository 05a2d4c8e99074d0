package mkt210gin

import "github.com/gin-gonic/gin"

func create(c *gin.Context) {
	var v struct{ Name string }
	c.ShouldBindJSON(&v) // want `^R MKT210: the request's body is decoded whole, whatever its size; limit it with http.MaxBytesReader, best in a middleware$`
}

// Package mkt701gin exercises rule MKT701 with gin.
package mkt701gin

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"

	"app.example.io/respond"
	"github.com/gin-gonic/gin"
	"gorm.io/gorm"
)

var db *gorm.DB

type user struct{ Name string }

var errTaken = errors.New("name is taken")

func create(c *gin.Context) {
	var u user
	if err := c.ShouldBindJSON(&u); err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()}) // ok: what a binder says of the request
		return
	}
	if err := db.Create(&u).Error; err != nil {
		c.JSON(http.StatusInternalServerError, gin.H{"error": err.Error()}) // want `V MKT701: .*a database \(gorm.DB.Error\)`
		return
	}
	c.JSON(http.StatusOK, gin.H{"data": u})
}

func read(c *gin.Context) {
	var u user
	err := db.First(&u).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		c.AbortWithStatusJSON(http.StatusNotFound, gin.H{"error": err.Error()}) // ok: a sentinel
	case err != nil:
		c.AbortWithStatusJSON(500, gin.H{"error": gin.H{"message": "cannot read: " + err.Error()}}) // want `V MKT701: .*gorm.DB.Error`
	}
}

func text(c *gin.Context, sqldb *sql.DB) {
	if _, err := sqldb.Exec("DELETE FROM x"); err != nil {
		c.String(500, "failed: %v", err) // want `V MKT701: .*sql.DB.Exec`
	}
	if err := sqldb.Ping(); err != nil {
		c.JSON(500, err) // want `R MKT701: the client is shown the fields of`
		c.Error(err)     // ok: kept for the middleware
		c.AbortWithError(500, err)
	}
	if err := sqldb.Ping(); err != nil {
		c.String(503, "the database does not answer") // ok: a fixed message
		c.IndentedJSON(503, gin.H{"code": "db", "retry": true, "failed": err != nil})
	}
}

func helpers(c *gin.Context) {
	if err := db.First(&user{}).Error; err != nil {
		c.JSON(500, respond.Body("database", err)) // want `R MKT701: the client is sent what respond.Body makes of an error \(gorm.DB.Error\)`
	}
	c.JSON(409, respond.Body("name", errTaken))
	c.JSON(200, respond.Body("name", nil))
}

func page(c *gin.Context) {
	if err := db.First(&user{}).Error; err != nil {
		c.HTML(500, "error.html", gin.H{"message": fmt.Sprintf("%+v", err)}) // want `V MKT701: .*gorm.DB.Error`
	}
	if errTaken != nil {
		c.JSON(409, gin.H{"error": errTaken.Error()}) // ok: a sentinel
	}
}

func router() *gin.Engine {
	r := gin.New()
	r.Use(gin.CustomRecovery(func(c *gin.Context, err any) {
		c.JSON(500, gin.H{"error": fmt.Sprint(err)}) // want `V MKT701: the client is shown what the panic was called with`
	}))
	r.Use(gin.CustomRecovery(func(c *gin.Context, err any) {
		if s, ok := err.(string); ok {
			_ = s
		}
		c.AbortWithStatusJSON(500, gin.H{"error": "internal"}) // ok: a fixed message
	}))
	return r
}

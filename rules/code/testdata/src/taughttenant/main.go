// Package taughttenant narrows its queries with the policy's tenant-scope.
package taughttenant

import (
	"app.example.io/house"
	"github.com/gin-gonic/gin"
	"gorm.io/gorm"
)

var db *gorm.DB

// A Project belongs to a tenant.
type Project struct {
	ID       string
	TenantID string
}

func open(c *gin.Context) {
	var p Project
	db.First(&p, "id = ?", c.Param("id")) // want `^R MKT308: a record of Project`
}

func placed(c *gin.Context) {
	var p Project
	if !house.Mine(c.Param("id")) {
		return
	}
	db.First(&p, "id = ?", c.Param("id"))
}

func scoped(c *gin.Context) {
	var p Project
	own := apply(house.Place)
	own.First(&p, "id = ?", c.Param("id"))
	db.Delete(&p, "id = ?", c.Param("id"))
}

func apply(narrow func(*gorm.DB) *gorm.DB) *gorm.DB { return narrow(db) }

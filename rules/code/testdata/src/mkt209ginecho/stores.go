// Package mkt209ginecho binds requests with gin, echo and fiber.
package mkt209ginecho

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	"github.com/uptrace/bun"
	"gorm.io/gorm"
)

// An Order as the store keeps it.
type Order struct {
	ID        uint      `json:"id" gorm:"primaryKey"`
	UserID    uint      `json:"user_id"`
	Note      string    `json:"note"`
	Price     int64     `json:"price"`
	CreatedAt time.Time `json:"created_at"`
}

type api struct {
	db  *gorm.DB
	bun *bun.DB
}

func (a *api) create(c *gin.Context) {
	var order Order
	if err := c.ShouldBindJSON(&order); err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"error": "bad order"})
		return
	}
	if err := a.db.Create(&order).Error; err != nil { // want `^V MKT209: .*UserID, ID, Price, CreatedAt`
		c.JSON(http.StatusInternalServerError, gin.H{"error": "internal error"})
		return
	}
	c.JSON(http.StatusCreated, order)
}

func (a *api) createMany(c *gin.Context) {
	var orders []Order
	if err := c.BindJSON(&orders); err != nil {
		return
	}
	a.db.CreateInBatches(&orders, 100) // want `^V MKT209`
}

func (a *api) assigned(c *gin.Context) {
	var order Order
	if err := c.ShouldBindJSON(&order); err != nil {
		c.Status(http.StatusBadRequest)
		return
	}
	order.ID, order.UserID, order.Price, order.CreatedAt = 0, c.GetUint("user"), 0, time.Now()
	a.db.Create(&order) // ok: every privileged field is assigned before
}

func (a *api) omitted(c *gin.Context) {
	var order Order
	if err := c.ShouldBindJSON(&order); err != nil {
		c.Status(http.StatusBadRequest)
		return
	}
	a.db.Omit("ID", "UserID", "Price", "CreatedAt").Create(&order) // ok: the privileged columns are left out
}

func (a *api) patched(c echo.Context) error {
	var order Order
	if err := c.Bind(&order); err != nil {
		return echo.ErrBadRequest
	}
	return a.db.Model(&Order{}).Where("id = ?", c.Param("id")).Updates(order).Error // want `^V MKT209`
}

func (a *api) noted(c echo.Context) error {
	var in struct {
		Note string `json:"note"`
	}
	if err := c.Bind(&in); err != nil {
		return echo.ErrBadRequest
	}
	return a.db.Model(&Order{}).Where("id = ?", c.Param("id")).Update("note", in.Note).Error // ok: one column
}

func (a *api) inserted(c *fiber.Ctx) error {
	order := new(Order)
	if err := c.BodyParser(order); err != nil {
		return fiber.ErrBadRequest
	}
	_, err := a.bun.NewInsert().Model(order).Exec(c.UserContext()) // want `^V MKT209`
	return err
}

func (a *api) column(c *fiber.Ctx) error {
	order := new(Order)
	if err := c.BodyParser(order); err != nil {
		return fiber.ErrBadRequest
	}
	_, err := a.bun.NewUpdate().Model(order).Column("note").Where("id = ?", c.Params("id")).Exec(c.UserContext()) // ok: one column
	return err
}

// answered is decoded, looked at and never stored.
func (a *api) answered(c *fiber.Ctx) error {
	var order Order
	if err := c.BodyParser(&order); err != nil {
		return fiber.ErrBadRequest
	}
	kept := Order{Note: order.Note}
	if err := a.db.Create(&kept).Error; err != nil { // ok: another value
		return err
	}
	return c.JSON(order)
}

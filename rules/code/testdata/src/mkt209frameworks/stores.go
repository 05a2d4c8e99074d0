package mkt209frameworks

import (
	"context"
	"net/http"

	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/schema"
	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"
	"github.com/uptrace/bun"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"gorm.io/gorm"
)

type Account struct {
	ID      string `json:"id" bson:"_id" db:"id"`
	OwnerID string `json:"owner_id" bson:"owner_id" db:"owner_id"`
	Title   string `json:"title" db:"title"`
	Balance int64  `json:"balance" db:"balance"`
}

type app struct {
	gorm  *gorm.DB
	sqlx  *sqlx.DB
	bun   *bun.DB
	mongo *mongo.Collection
}

func (a *app) echo(c echo.Context) error {
	acc := new(Account)
	if err := c.Bind(acc); err != nil {
		return err
	}
	a.gorm.Create(acc) // want `^V MKT209: .*OwnerID, Balance, ID`
	return c.JSON(201, acc)
}

func (a *app) fiber(c *fiber.Ctx) error {
	acc := &Account{}
	if err := c.BodyParser(acc); err != nil {
		return err
	}
	_, err := a.mongo.InsertOne(context.Background(), acc) // want `^V MKT209`
	return err
}

func (a *app) replace(c *fiber.Ctx) error {
	var acc Account
	if err := c.BodyParser(&acc); err != nil {
		return err
	}
	if _, err := a.mongo.ReplaceOne(context.Background(), bson.M{"_id": c.Params("id")}, acc); err != nil { // want `^V MKT209`
		return err
	}
	_, err := a.mongo.UpdateOne(context.Background(), bson.M{"_id": acc.ID}, bson.M{"$set": acc}) // want `^V MKT209`
	return err
}

func (a *app) loose(c echo.Context) error {
	body := map[string]any{}
	if err := c.Bind(&body); err != nil {
		return err
	}
	_, err := a.mongo.UpdateOne(context.Background(), bson.M{"_id": c.Param("id")}, bson.M{"$set": body}) // want `^V MKT209: the map`
	return err
}

func (a *app) named(c echo.Context) error {
	var acc Account
	if err := c.Bind(&acc); err != nil {
		return err
	}
	_, err := a.sqlx.NamedExec("INSERT INTO account (id, title, balance) VALUES (:id, :title, :balance)", &acc) // want `^V MKT209: .*may set Balance, ID`
	return err
}

func (a *app) bunInsert(c echo.Context) error {
	var acc Account
	if err := c.Bind(&acc); err != nil {
		return err
	}
	_, err := a.bun.NewInsert().Model(&acc).Exec(context.Background()) // want `^V MKT209`
	return err
}

var decoder = schema.NewDecoder()

func (a *app) form(w http.ResponseWriter, r *http.Request) {
	var acc Account
	r.ParseForm()
	if decoder.Decode(&acc, r.PostForm) == nil {
		a.gorm.Save(&acc) // want `^V MKT209`
	}
}

// Near misses.

func (a *app) columns(c echo.Context) error {
	var acc Account
	if err := c.Bind(&acc); err != nil {
		return err
	}
	_, err := a.bun.NewUpdate().Model(&acc).Column("title").Exec(context.Background())
	return err
}

func (a *app) titleOnly(c echo.Context) error {
	var acc Account
	if err := c.Bind(&acc); err != nil {
		return err
	}
	_, err := a.sqlx.NamedExec("UPDATE account SET title = :title WHERE owner = 1", &acc)
	return err
}

func (a *app) copied(c *fiber.Ctx) error {
	var in Account
	if err := c.BodyParser(&in); err != nil {
		return err
	}
	_, err := a.mongo.InsertOne(context.Background(), Account{ID: "fresh", OwnerID: c.Locals("user").(string), Title: in.Title})
	return err
}

func (a *app) overwritten(c *fiber.Ctx) error {
	var acc Account
	if err := c.BodyParser(&acc); err != nil {
		return err
	}
	acc.ID, acc.OwnerID, acc.Balance = "fresh", c.Locals("user").(string), 0
	_, err := a.mongo.InsertOne(context.Background(), acc)
	return err
}

func (a *app) setOne(c *fiber.Ctx) error {
	var acc Account
	if err := c.BodyParser(&acc); err != nil {
		return err
	}
	_, err := a.mongo.UpdateOne(context.Background(), bson.M{"_id": c.Params("id")}, bson.M{"$set": bson.M{"title": acc.Title}})
	return err
}

// The value comes from the store, not from the request.
func (a *app) loaded(c echo.Context) error {
	var acc Account
	a.gorm.First(&acc, c.Param("id"))
	acc.Title = c.FormValue("title")
	a.gorm.Save(&acc)
	return nil
}

// Package mkt201generic builds SQL in generic types and functions.
package mkt201generic

import (
	"context"
	"database/sql"

	"github.com/gin-gonic/gin"
	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"
	"gorm.io/gorm"
)

type repo[T any] struct{ db *sqlx.DB }

func (r repo[T]) find(where string, args ...any) ([]T, error) {
	var out []T
	err := r.db.Select(&out, "SELECT * FROM orders WHERE "+where, args...) // want `V MKT201: The query parameter note becomes SQL text`
	return out, err
}

func (r *repo[T]) one(ctx context.Context, order string) (*T, error) {
	row := new(T)
	err := r.db.GetContext(ctx, row, "SELECT * FROM orders ORDER BY "+order+" LIMIT 1") // want `V MKT201: The query parameter sort becomes SQL text`
	return row, err
}

func (r repo[T]) byID(id string) (out T, err error) {
	err = r.db.Get(&out, "SELECT * FROM orders WHERE id = $1", id) // ok: bound
	return out, err
}

func list[T any](db *gorm.DB, where string) (out []T) {
	db.Where(where).Find(&out) // want `V MKT201: The query parameter w becomes SQL text`
	return out
}

func scan[T any](db *sql.DB, where string) {
	db.Query("SELECT * FROM t WHERE " + where)
}

type order struct{ ID int }

type store struct{ db *sqlx.DB }

func (s *store) found(c echo.Context) error {
	rows, err := repo[order]{s.db}.find("note = '" + c.QueryParam("note") + "'")
	if err != nil {
		return err
	}
	first, err := (&repo[order]{s.db}).one(c.Request().Context(), c.QueryParam("sort"))
	if err != nil {
		return err
	}
	other, err := repo[order]{s.db}.byID(c.Param("id"))
	if err != nil {
		return err
	}
	return c.JSON(200, []any{rows, first, other})
}

func listed(db *gorm.DB) gin.HandlerFunc {
	return func(c *gin.Context) {
		c.JSON(200, list[order](db, c.Query("w")))
	}
}

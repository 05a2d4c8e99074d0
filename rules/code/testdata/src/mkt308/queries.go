package mkt308

import (
	"database/sql"
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"
)

var (
	db *sql.DB
	g  *gorm.DB
)

const schema = `CREATE TABLE invoices (id uuid PRIMARY KEY, account_id uuid NOT NULL, total int)`

type Project struct {
	ID       string
	TenantID string
}

type Country struct{ ID, Name string }

func read(w http.ResponseWriter, r *http.Request) {
	db.QueryRowContext(r.Context(), "SELECT total FROM invoices WHERE id = $1", r.PathValue("id")) // want `^R MKT308: a record of invoices is found by an id from the request alone`
}

func remove(w http.ResponseWriter, r *http.Request) { removeByID(r.FormValue("id")) }

func removeByID(id string) error {
	_, err := db.Exec("DELETE FROM invoices WHERE id = ?", id) // want `^R MKT308: a record of invoices`
	return err
}

func project(w http.ResponseWriter, r *http.Request) {
	db.QueryRow("SELECT * FROM projects p WHERE p.id = $1", r.PathValue("id")) // want `^R MKT308: a record of projects`
}

func ginFirst(c *gin.Context) {
	var p Project
	g.First(&p, "id = ?", c.Param("id")) // want `^R MKT308: a record of Project is found by an id from the request alone`
}

func ginWhere(c *gin.Context) {
	var p Project
	g.Where("id = ?", c.Param("id")).Delete(&p) // want `^R MKT308: a record of Project`
}

// From here on nothing is wrong.

func scoped(w http.ResponseWriter, r *http.Request) {
	db.QueryRow("SELECT total FROM invoices WHERE id = $1 AND account_id = $2", r.PathValue("id"), "a")
}

func joined(w http.ResponseWriter, r *http.Request) {
	db.QueryRow("SELECT i.total FROM invoices i JOIN accounts a ON a.id = i.account_id WHERE i.id = $1 AND a.user_id = $2", r.PathValue("id"), "u")
}

func country(w http.ResponseWriter, r *http.Request) {
	db.QueryRow("SELECT name FROM countries WHERE id = $1", r.PathValue("id"))
}

func background(id string) { db.QueryRow("SELECT total FROM invoices WHERE id = $1", id) }

func adminRead(w http.ResponseWriter, r *http.Request) {
	db.QueryRow("SELECT total FROM invoices WHERE id = $1", r.PathValue("id"))
}

func comparedAfter(w http.ResponseWriter, r *http.Request) {
	var p Project
	db.QueryRow("SELECT id, tenant_id FROM projects WHERE id = $1", r.PathValue("id")).Scan(&p.ID, &p.TenantID)
	if p.TenantID != "mine" {
		w.WriteHeader(404)
	}
}

func gormScoped(c *gin.Context) {
	var p Project
	g.Where("tenant_id = ?", "t").First(&p, "id = ?", c.Param("id"))
	g.Scopes(mine).First(&p, "id = ?", c.Param("id"))
	tenant(c).First(&p, "id = ?", c.Param("id"))
	g.Where(&Project{ID: c.Param("id"), TenantID: "t"}).First(&p)
}

func mine(d *gorm.DB) *gorm.DB { return d.Where("tenant_id = ?", "t") }

func tenant(c *gin.Context) *gorm.DB { return g.Where("tenant_id = ?", c.GetString("tenant")) }

func gormCountry(c *gin.Context) {
	var x Country
	g.First(&x, "id = ?", c.Param("id"))
}

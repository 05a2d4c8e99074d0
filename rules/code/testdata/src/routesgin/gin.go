package routesgin

import "github.com/gin-gonic/gin"

func list(c *gin.Context)   {}
func create(c *gin.Context) {}
func auth(c *gin.Context)   {}

func requireRole(role string) gin.HandlerFunc { return func(c *gin.Context) {} }

func orders(g *gin.RouterGroup) {
	g.GET("/orders", list)                      // want `GET /api/orders list \[gin.Logger, auth\]$` `GET /v2/orders list \[gin.Logger\]$`
	g.POST("/orders", requireRole("x"), create) // want `POST /api/orders create \[gin.Logger, auth, requireRole\]$` `POST /v2/orders create \[gin.Logger, requireRole\]$`
}

// below makes a group for each of its callers.
func below(g *gin.RouterGroup, name string) {
	sub := g.Group(name)
	sub.DELETE("/:id", create) // want `DELETE /api/a/:id create \[gin.Logger, auth\]$` `DELETE /api/b/:id create \[gin.Logger, auth\]$`
}

func main() {
	r := gin.New()
	r.Use(gin.Logger())
	r.GET("/early", list) // want `GET /early list \[gin.Logger\]$`
	api := r.Group("/api", auth)
	orders(api)
	orders(r.Group("/v2"))
	below(api, "/a")
	below(api, "/b")
	r.Use(auth)
	r.GET("/late", list)          // want `GET /late list \[gin.Logger, auth\]$`
	r.Handle("PUT", "/put", list) // want `PUT /put list \[gin.Logger, auth\]$`
	_ = r.Run(":8080")
}

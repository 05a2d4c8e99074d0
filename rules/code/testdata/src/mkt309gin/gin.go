package mkt309gin

import (
	"net/http"
	"os"

	"github.com/gin-contrib/sessions"
	"github.com/gin-contrib/sessions/cookie"
	"github.com/gin-gonic/gin"
)

func routes(r *gin.Engine) {
	store := cookie.NewStore([]byte("secret"))                                       // want `^V MKT309/literal-key: sessions are signed`
	store.Options(sessions.Options{MaxAge: 7 * 86400, Secure: true, HttpOnly: true}) // want `^V MKT309: the session lives 7 days, the limit is 24 hours`
	r.Use(sessions.Sessions("s", store))
}

func routesRight(r *gin.Engine) {
	store := cookie.NewStore([]byte(os.Getenv("KEY")))
	store.Options(sessions.Options{MaxAge: 3600, Secure: true, HttpOnly: true})
	r.Use(sessions.Sessions("s", store))
}

func login(c *gin.Context) {
	s := sessions.Default(c)
	s.Set("user", "x") // a cookie store has no id to keep
	_ = s.Save()
}

func logout(c *gin.Context) {
	s := sessions.Default(c)
	s.Clear()
	_ = s.Save()
	c.SetSameSite(http.SameSiteLaxMode)
}

package mkt503

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
)

const allowOrigin = "Access-Control-Allow-Origin"

var allowed = map[string]bool{"https://app.example.com": true}

func reflected(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	w.Header().Set(allowOrigin, origin) // want `^V MKT503: the request's Origin is sent back unchecked`
	w.Header().Set("Access-Control-Allow-Credentials", "true")
}

func reflectedWhenThere(w http.ResponseWriter, r *http.Request) {
	if origin := r.Header.Get("Origin"); origin != "" {
		w.Header().Set(allowOrigin, origin) // want `^V MKT503: the request's Origin is sent back unchecked`
	}
	w.Header().Set("Access-Control-Allow-Credentials", "true")
}

func ginReflected(c *gin.Context) {
	c.Header(allowOrigin, c.GetHeader("Origin")) // want `^V MKT503: the request's Origin`
	c.Header("Access-Control-Allow-Credentials", "true")
}

func fiberReflected(c *fiber.Ctx) error {
	c.Set(allowOrigin, c.Get("Origin")) // want `^V MKT503: the request's Origin`
	c.Set("Access-Control-Allow-Credentials", "true")
	return c.Next()
}

func null(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(allowOrigin, "null") // want `^V MKT503: the origin null with credentials`
	w.Header().Set("Access-Control-Allow-Credentials", "true")
}

func star(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(allowOrigin, "*") // want `^V MKT503: the origin \* with credentials`
	w.Header().Set("Access-Control-Allow-Credentials", "true")
}

func suffix(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	if strings.HasSuffix(origin, "example.com") {
		w.Header().Set(allowOrigin, origin) // want `^V MKT503: the origin only has to end in "example.com"`
		w.Header().Set("Access-Control-Allow-Credentials", "true")
	}
}

func contains(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(r.Header.Get("Origin"))
	if err == nil && strings.Contains(u.Host, "example.com") {
		w.Header().Set(allowOrigin, r.Header.Get("Origin")) // want `^V MKT503: the origin only has to contain "example.com"`
		w.Header().Set("Access-Control-Allow-Credentials", "true")
	}
}

func prefix(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	if strings.HasPrefix(origin, "https://example.com") {
		w.Header().Set(allowOrigin, origin) // want `^V MKT503: the origin only has to begin with "https://example.com"`
		w.Header().Set("Access-Control-Allow-Credentials", "true")
	}
}

type config struct{ all bool }

// configured sends the origin back when somebody switched that on.
func (c *config) configured(w http.ResponseWriter, r *http.Request) {
	if c.all {
		w.Header().Set(allowOrigin, r.Header.Get("Origin")) // want `^R MKT503: the request's Origin`
		w.Header().Set("Access-Control-Allow-Credentials", "true")
	}
}

// From here on nothing is wrong.

func noCredentials(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(allowOrigin, r.Header.Get("Origin"))
}

func credentialsOff(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(allowOrigin, r.Header.Get("Origin"))
	w.Header().Set("Access-Control-Allow-Credentials", "false")
}

func public(w http.ResponseWriter, r *http.Request) { w.Header().Set(allowOrigin, "*") }

func listed(w http.ResponseWriter, r *http.Request) {
	if origin := r.Header.Get("Origin"); allowed[origin] {
		w.Header().Set(allowOrigin, origin)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
	}
}

func checkedByFunction(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	if trusted(origin) {
		w.Header().Set(allowOrigin, origin)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
	}
}

func trusted(origin string) bool { return origin == "https://app.example.com" }

func compared(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	for _, o := range []string{"https://a.example.com"} {
		if o == origin {
			w.Header().Set(allowOrigin, origin)
		}
	}
	w.Header().Set("Access-Control-Allow-Credentials", "true")
}

func dotted(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	if strings.HasSuffix(origin, ".example.com") {
		w.Header().Set(allowOrigin, origin)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
	}
}

func either(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	if !trusted(origin) {
		w.Header().Set(allowOrigin, "*")
	} else {
		w.Header().Set(allowOrigin, origin)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
	}
}

func fixed(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(allowOrigin, "https://app.example.com")
	w.Header().Set("Access-Control-Allow-Credentials", "true")
}

func fromConfig(o string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(allowOrigin, o)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
	}
}

// Package mkt203 exercises rule MKT203: where input comes from, and what it
// reaches.
package mkt203

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"

	"github.com/coder/websocket"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/render"
	"github.com/gofiber/fiber/v2"
	fiber3 "github.com/gofiber/fiber/v3"
	"github.com/gorilla/mux"
	gorilla "github.com/gorilla/websocket"
	"github.com/labstack/echo/v4"
	"github.com/nats-io/nats.go"
	"github.com/partner/pb"
	amqp "github.com/rabbitmq/amqp091-go"
	"github.com/segmentio/kafka-go"
	"github.com/valyala/fasthttp"
)

type command struct {
	Name string
	Args []string
	N    int
}

func std(w http.ResponseWriter, r *http.Request) {
	exec.Command(r.FormValue("a")).Run()                       // want `V MKT203/command: The form field a names the program`
	exec.Command(r.PathValue("a")).Run()                       // want `V MKT203/command: The path parameter a names`
	exec.Command(r.URL.Query().Get("a")).Run()                 // want `V MKT203/command: The query string names`
	exec.Command(r.Header.Get("X-A")).Run()                    // want `V MKT203/command: A request header names`
	exec.CommandContext(r.Context(), r.PostForm["a"][0]).Run() // want `V MKT203/command: The request's body names`
	if c, err := r.Cookie("a"); err == nil {
		exec.Command(c.Value).Run() // want `V MKT203/command: The cookie a names`
	}
	if err := r.ParseMultipartForm(1 << 20); err == nil {
		exec.Command(r.MultipartForm.Value["a"][0]).Run() // want `V MKT203/command: The request's body names`
	}
}

func decoded(w http.ResponseWriter, r *http.Request) {
	var c command
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
		return
	}
	exec.Command(c.Name).Run() // want `V MKT203/command: The request's body names`

	body, _ := io.ReadAll(r.Body)
	var m map[string]any
	json.Unmarshal(body, &m)
	name, _ := m["name"].(string)
	exec.Command(name).Run() // want `V MKT203/command: The request's body names`

	var d command
	if err := readJSON(r, &d); err != nil {
		return
	}
	exec.Command(d.Name).Run() // want `V MKT203/command: The request's body names`

	var e command
	render.DecodeJSON(r.Body, &e)
	exec.Command(e.Name).Run() // want `V MKT203/command: The request's body names`
}

func readJSON(r *http.Request, v any) error {
	return json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(v)
}

func ginHandler(c *gin.Context) {
	exec.Command(c.Query("a")).Run()             // want `V MKT203/command: The query parameter a names`
	exec.Command(c.Param("a")).Run()             // want `V MKT203/command: The path parameter a names`
	exec.Command(c.GetHeader("X-A")).Run()       // want `V MKT203/command: The request header X-A names`
	exec.Command(c.Request.FormValue("a")).Run() // want `V MKT203/command: The form field a names`
	var in command
	if c.ShouldBindJSON(&in) == nil {
		exec.Command(in.Name).Run() // want `V MKT203/command: The request's body names`
	}
	in2 := new(command)
	c.BindJSON(in2)
	exec.Command(in2.Name).Run() // want `V MKT203/command: The request's body names`
}

func echoHandler(c echo.Context) error {
	in := command{}
	if err := c.Bind(&in); err != nil {
		return err
	}
	exec.Command(in.Name).Run()                              // want `V MKT203/command: The request's form names`
	exec.Command(c.QueryParam("a")).Run()                    // want `V MKT203/command: The query parameter a names`
	return exec.Command(c.Request().Header.Get("X-A")).Run() // want `V MKT203/command: A request header names`
}

func fiberHandler(c *fiber.Ctx) error {
	var in command
	if err := c.BodyParser(&in); err != nil {
		return err
	}
	exec.Command(in.Name).Run()                 // want `V MKT203/command: The request's body names`
	exec.Command(c.Params("a")).Run()           // want `V MKT203/command: The path parameter a names`
	return exec.Command(string(c.Body())).Run() // want `V MKT203/command: The request's body names`
}

func fiber3Handler(c fiber3.Ctx) error {
	var in command
	if err := c.Bind().Body(&in); err != nil {
		return err
	}
	exec.Command(in.Name).Run()             // want `V MKT203/command: The request's body names`
	return exec.Command(c.Query("a")).Run() // want `V MKT203/command: The query parameter a names`
}

func fastHandler(ctx *fasthttp.RequestCtx) {
	exec.Command(string(ctx.QueryArgs().Peek("a"))).Run() // want `V MKT203/command: The request's query or path names`
}

func routers(w http.ResponseWriter, r *http.Request) {
	exec.Command(chi.URLParam(r, "a")).Run() // want `V MKT203/command: The path parameter a names`
	exec.Command(mux.Vars(r)["a"]).Run()     // want `V MKT203/command: The request's query or path names`
}

func socket(w http.ResponseWriter, r *http.Request) {
	up := gorilla.Upgrader{}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	for {
		_, data, err := conn.ReadMessage()
		if err != nil {
			return
		}
		exec.Command(string(data)).Run() // want `V MKT203/command: A WebSocket frame names`
		var c command
		conn.ReadJSON(&c)
		exec.Command(c.Name).Run() // want `V MKT203/command: A WebSocket frame names`
	}
}

func socket2(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	_, data, _ := conn.Read(r.Context())
	exec.Command(string(data)).Run() // want `V MKT203/command: A WebSocket frame names`
}

type fetcher struct{ pb.UnimplementedFetcherServer }

func (f *fetcher) Fetch(ctx context.Context, in *pb.FetchRequest) (*pb.FetchReply, error) {
	exec.Command(in.Name).Run()      // want `V MKT203/command: The request message names`
	exec.Command(in.GetName()).Run() // want `V MKT203/command: The request message names`
	return nil, nil
}

// Messages of a queue are foreign, but who writes them is not seen.
func queues(ctx context.Context, r *kafka.Reader, nc *nats.Conn, ch <-chan amqp.Delivery) {
	m, _ := r.ReadMessage(ctx)
	exec.Command(string(m.Value)).Run() // want `R MKT203/command: A queue message names`
	nc.Subscribe("jobs", func(m *nats.Msg) {
		var c command
		json.Unmarshal(m.Data, &c)
		exec.Command(c.Name).Run() // want `R MKT203/command: A queue message names`
	})
	for d := range ch {
		exec.Command(string(d.Body)).Run() // want `R MKT203/command: A queue message names`
	}
}

// Package personal exercises rule MKT402 with a policy that lists "contact
// email" and "badge number".
package personal

import (
	"fmt"
	"log"
	"log/slog"
	"net/http"

	"go.uber.org/zap"
)

type Contact struct {
	ID    int
	Email string
	Badge string
}

type employee struct {
	ID          int
	BadgeNumber string
}

func bad(c Contact, e employee, contactEmail, phone string, r *http.Request) {
	log.Println(contactEmail)                 // want `R MKT402: contactEmail reaches log.Println; log an id instead$`
	log.Println(c.Email)                      // want `R MKT402: c.Email reaches log.Println`
	slog.Info("invited", "mail", c.Email)     // want `R MKT402: c.Email reaches slog.Info`
	zap.L().Info("x", zap.String("p", phone)) // want `R MKT402: phone reaches zap.String`
	log.Printf("badge %s", e.BadgeNumber)     // want `R MKT402: e.BadgeNumber reaches log.Printf`
	log.Printf("%+v", e)                      // want `R MKT402: e with its field BadgeNumber reaches log.Printf`
	log.Println(r.FormValue("email"))         // want `R MKT402: email reaches log.Println`
	err := fmt.Errorf("no contact %s", c.Email)
	log.Println(err) // want `R MKT402: c.Email reaches log.Println`
}

type config struct{ Email string }

func mask(string) string { return "***" }

func good(c Contact, cfg config, supportEmail, emailTemplate, invalidEmail, hashedEmail, number, badge, token string) {
	log.Println(c.ID, cfg.Email, supportEmail, emailTemplate, hashedEmail, number, badge)  // ok: ids, an address of the product, a hash
	log.Println(mask(c.Email), len(c.Email), c.Email == "", c.Email[:1]+"***")             // ok: masked, counted or compared
	slog.Info("email sent", "template", emailTemplate, "id", c.ID, "email", mask(c.Email)) // ok: masked
	log.Println(invalidEmail)                                                              // ok: says what is wrong with it
	log.Println(token)
	log.Println("email") // ok: the word alone
}

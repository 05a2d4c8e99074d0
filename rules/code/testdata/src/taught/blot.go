package taught

import (
	"log"

	"app.example.io/house"
)

func imported(apiToken string) {
	log.Println(house.Blot(apiToken))
}

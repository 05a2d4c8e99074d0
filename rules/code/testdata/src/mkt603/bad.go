// Package mkt603 exercises rule MKT603.
package mkt603

import (
	"crypto/cipher"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand"
	randv2 "math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

const alphabet = "abcdefghijklmnopqrstuvwxyz"

var letters = []rune(alphabet)

type user struct{ ResetToken, Name string }

func assigned() string {
	token := strconv.Itoa(rand.Int()) // want `V MKT603: token comes from math/rand, which can be predicted; use crypto/rand`
	return token
}

func randomString(n int) string {
	b := make([]rune, n)
	for i := range b {
		b[i] = letters[rand.Intn(len(letters))]
	}
	return string(b)
}

func viaHelper(u *user) {
	u.ResetToken = randomString(32)                              // want `V MKT603: ResetToken comes from math/rand`
	sessionID := randomString(32)                                // want `V MKT603: sessionID comes from math/rand`
	_ = user{ResetToken: randomString(8), Name: randomString(8)} // want `V MKT603: ResetToken comes from math/rand`
	save(randomString(20), sessionID)                            // want `V MKT603: csrfToken comes from math/rand`
}

func save(csrfToken, session string) {}

func generateToken() string {
	var sb strings.Builder
	for range 16 {
		sb.WriteByte(alphabet[randv2.IntN(len(alphabet))]) // want `V MKT603: generateToken comes from math/rand/v2`
	}
	return sb.String()
}

func GenerateAPIKey() string {
	b := make([]byte, 32)
	rand.Read(b)                 // want `V MKT603: GenerateAPIKey comes from math/rand`
	return hex.EncodeToString(b) // the source is flagged
}

func newOTP() string {
	return fmt.Sprintf("%06d", rand.Intn(1000000)) // want `V MKT603: newOTP comes from math/rand`
}

func code() int {
	otp := rand.Intn(900000) + 100000 // want `V MKT603: otp comes from math/rand`
	return otp
}

func clock() {
	resetToken := fmt.Sprintf("%d", time.Now().UnixNano()) // want `V MKT603: resetToken comes from the clock`
	sum := md5.Sum([]byte(time.Now().String()))
	token := hex.EncodeToString(sum[:])                    // want `V MKT603: token comes from the clock`
	sessionKey := strconv.FormatInt(time.Now().Unix(), 36) // want `R MKT603: sessionKey comes from the clock`
	fmt.Println(resetToken, token, sessionKey)
}

func uuids() string {
	id, err := uuid.NewUUID()
	if err != nil {
		return ""
	}
	sessionToken := id.String()           // want `V MKT603: sessionToken comes from a version 1 UUID`
	apiToken := uuid.Must(uuid.NewUUID()) // want `V MKT603: apiToken comes from a version 1 UUID`
	_ = apiToken
	return sessionToken
}

func cookie(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{Name: "session_id", Value: randomString(16)}) // want `V MKT603: session_id comes from math/rand`
}

func nonce(gcm cipher.AEAD, data []byte) []byte {
	n := make([]byte, gcm.NonceSize())
	random := rand.New(rand.NewSource(999))
	io.ReadFull(random, n)
	return gcm.Seal(nil, n, data, nil) // want `V MKT603: the nonce of Seal comes from math/rand`
}

func number() {
	nonce := rand.Uint32() // want `R MKT603: nonce comes from math/rand`
	var token int64        // set below
	token = rand.Int63()   // want `R MKT603: token comes from math/rand`
	fmt.Println(nonce, token)
}

func salted() []byte {
	salt := make([]byte, 16)
	rand.Read(salt) // want `V MKT603: salt comes from math/rand`
	return salt
}

var bootSecret = base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(rand.Int()))) // want `V MKT603: bootSecret comes from math/rand`

func makePasswordFiveChar() string {
	s := make([]rune, 2)
	s[0] = letters[rand.Intn(len(letters))] // want `R MKT603: makePasswordFiveChar comes from math/rand`
	s[1] = letters[rand.Intn(len(letters))]
	return string(s)
}

// A token endpoint of a site, with nothing but Go: LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET and SITE_ORIGIN in the environment. go run endpoint.go
package main

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"regexp"
	"strings"
	"time"
)

var word = regexp.MustCompile(`^\w{1,32}$`)

// Stands for your site's own login. Replace it: this one believes whatever the cookie says.
func userOf(request *http.Request) (id, name string) {
	cookie, err := request.Cookie("user")
	if err != nil || !word.MatchString(cookie.Value) {
		return "", ""
	}
	return "user-" + strings.ToLower(cookie.Value), cookie.Value
}

func sign(claims map[string]any) string {
	encode := base64.RawURLEncoding.EncodeToString
	payload, _ := json.Marshal(claims)
	text := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(payload)
	mac := hmac.New(sha256.New, []byte(os.Getenv("LIVEKIT_API_SECRET")))
	mac.Write([]byte(text))
	return text + "." + encode(mac.Sum(nil))
}

func token(response http.ResponseWriter, request *http.Request) {
	answer := func(status int, body map[string]string) {
		response.Header().Set("content-type", "application/json")
		response.Header().Set("cache-control", "no-store")
		response.WriteHeader(status)
		json.NewEncoder(response).Encode(body)
	}
	id, name := userOf(request)
	switch {
	case request.Method != http.MethodPost:
		answer(404, map[string]string{"error": "not-found"})
	// Login by cookie: without these two cases any other site could ask in your visitor's name.
	case request.Header.Get("origin") != os.Getenv("SITE_ORIGIN"):
		answer(403, map[string]string{"error": "origin"})
	case !strings.HasPrefix(request.Header.Get("content-type"), "application/json"):
		answer(415, map[string]string{"error": "content-type"})
	case id == "":
		answer(401, map[string]string{"error": "login"})
	default:
		// The identity is never the visitor's to choose: whoever takes a person's identity puts that person out of the room.
		claims := map[string]any{"iss": os.Getenv("LIVEKIT_API_KEY"), "sub": id, "name": name, "exp": time.Now().Unix() + 600,
			"video": map[string]any{"roomJoin": true, "room": "lounge"}}
		answer(200, map[string]string{"server_url": os.Getenv("LIVEKIT_URL"), "participant_token": sign(claims)})
	}
}

func main() {
	http.HandleFunc("/api/token", token)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+cmp.Or(os.Getenv("PORT"), "3000"), nil))
}

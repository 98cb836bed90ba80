# A token endpoint of a site, with nothing but Python: LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET and SITE_ORIGIN in the environment.
import base64, hashlib, hmac, json, os, re, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def user_of(request):  # Stands for your site's own login. Replace it: this one believes whatever the cookie says.
    name = re.search(r"(?:^|;\s*)user=(\w{1,32})", request.headers.get("cookie", ""), re.ASCII)
    return name and {"id": f"user-{name[1].lower()}", "name": name[1]}


def sign(claims):
    encode = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=")
    text = b".".join(encode(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return (text + b"." + encode(hmac.digest(os.environ["LIVEKIT_API_SECRET"].encode(), text, hashlib.sha256))).decode()


class Endpoint(BaseHTTPRequestHandler):
    def answer(self, status, body):
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("cache-control", "no-store")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def do_GET(self):
        self.answer(404, {"error": "not-found"})

    def do_POST(self):
        self.rfile.read(min(int(self.headers.get("content-length", 0)), 65536))
        if self.path != "/api/token": return self.answer(404, {"error": "not-found"})
        # Login by cookie: without these two lines any other site could ask in your visitor's name.
        if self.headers.get("origin") != os.environ["SITE_ORIGIN"]: return self.answer(403, {"error": "origin"})
        if not re.match(r"application/json\b", self.headers.get("content-type", "")): return self.answer(415, {"error": "content-type"})
        user = user_of(self)
        if not user: return self.answer(401, {"error": "login"})
        # The identity is never the visitor's to choose: whoever takes a person's identity puts that person out of the room.
        token = sign({"iss": os.environ["LIVEKIT_API_KEY"], "sub": user["id"], "name": user["name"], "exp": int(time.time()) + 600,
                      "video": {"roomJoin": True, "room": "lounge"}})
        self.answer(200, {"server_url": os.environ["LIVEKIT_URL"], "participant_token": token})


ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", 3000))), Endpoint).serve_forever()

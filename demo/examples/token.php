<?php
// A token endpoint of a site: a file to upload, as /api/token (or token.php). LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET and SITE_ORIGIN in the environment.
function answer(int $status, array $body): never
{
    http_response_code($status);
    header('content-type: application/json');
    header('cache-control: no-store');
    exit(json_encode($body, JSON_UNESCAPED_SLASHES));
}

// Stands for your site's own login, such as $_SESSION. Replace it: this one believes whatever the cookie says.
function user(): ?array
{
    $name = $_COOKIE['user'] ?? '';
    return is_string($name) && preg_match('/^\w{1,32}$/D', $name) ? ['id' => 'user-' . strtolower($name), 'name' => $name] : null;
}

function sign(array $claims): string
{
    $encode = fn(string $data): string => rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
    $text = $encode('{"alg":"HS256","typ":"JWT"}') . '.' . $encode(json_encode($claims));
    return $text . '.' . $encode(hash_hmac('sha256', $text, getenv('LIVEKIT_API_SECRET'), true));
}

if ($_SERVER['REQUEST_METHOD'] !== 'POST') answer(404, ['error' => 'not-found']);
// Login by cookie: without these two lines any other site could ask in your visitor's name.
if (($_SERVER['HTTP_ORIGIN'] ?? '') !== getenv('SITE_ORIGIN')) answer(403, ['error' => 'origin']);
if (!preg_match('#^application/json\b#', $_SERVER['CONTENT_TYPE'] ?? '')) answer(415, ['error' => 'content-type']);
$user = user() ?? answer(401, ['error' => 'login']);
// The identity is never the visitor's to choose: whoever takes a person's identity puts that person out of the room.
$token = sign(['iss' => getenv('LIVEKIT_API_KEY'), 'sub' => $user['id'], 'name' => $user['name'], 'exp' => time() + 600, 'video' => ['roomJoin' => true, 'room' => 'lounge']]);
answer(200, ['server_url' => getenv('LIVEKIT_URL'), 'participant_token' => $token]);

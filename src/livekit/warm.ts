/** For so long, in ms, a connection that was opened ahead is taken to be open. */
const idleTimeout = 30_000;

const routes = new Map<string, number>();

/** Looks the server up and shakes hands with it, so that the WebSocket finds name, TLS session or (RFC 8441) the whole connection there. */
export function warmRoute(serverUrl: string): void {
  const url = new URL(serverUrl.replace(/^ws/, 'http'));
  const now = performance.now();
  if (!isWorthWarming(url) || now - (routes.get(url.origin) ?? -Infinity) < idleTimeout) return;
  routes.set(url.origin, now);
  // Chromium lets a WebSocket share an HTTP/2 connection only if that was opened with credentials.
  const credentials = isSameSite(url.hostname, location.hostname) ? 'include' : 'omit';
  fetch(url.origin, { method: 'HEAD', mode: 'no-cors', cache: 'no-store', credentials }).catch(() => undefined);
}

function isWorthWarming({ protocol, hostname, username, password }: URL): boolean {
  if (username || password) return false;
  return protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** As far as can be known without the list of public suffixes: the same host, or one below the other. */
function isSameSite(one: string, other: string): boolean {
  const [shorter = '', longer = ''] = [one, other.replace(/^www\./, '')].sort((a, b) => a.length - b.length);
  return longer === shorter || (shorter.includes('.') && longer.endsWith(`.${shorter}`));
}

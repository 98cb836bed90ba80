import { home } from './chunks.js';
import { VcRoomError } from './room/errors.js';
import type { MatrixIdentity, TokenSource } from './room/suppliers.js';
import type { Settings } from './settings.js';

export type TokenProtocol = 'livekit' | 'query' | 'matrix';

export type RequestHeaders = () => HeadersInit | Promise<HeadersInit>;

/** What the page's author said, checked and with defaults; a join counts with the one of its press. */
export interface RoomConfig {
  readonly tokenEndpoint: string | null;
  readonly tokenProtocol: TokenProtocol;
  readonly tokenCache: 'persistent' | 'memory' | 'none';
  readonly serverUrl: string | null;
  readonly token: string | null;
  readonly tokenSource: TokenSource | null;
  readonly credentials: RequestCredentials;
  readonly requestHeaders: RequestHeaders | null;
  readonly matrixIdentity: MatrixIdentity | null;
  readonly room: string;
  readonly identity: string;
  readonly displayName: string;
  readonly listenOnly: boolean;
  readonly noiseSuppression: 'rnnoise' | 'browser' | 'off';
  readonly echoCancellation: boolean;
  readonly autoGainControl: boolean;
  readonly rtcConfig: RTCConfiguration | undefined;
  /** Absolute, with a slash at its end. */
  readonly assets: string;
}

/**
 * One frozen configuration for one join.
 * @throws VcRoomError what is wrong with the settings, the page or the browser: `not-configured`, `invalid-configuration`, `unsupported`, `insecure-context`
 */
export function readConfig(settings: Readonly<Settings>): RoomConfig {
  if (typeof RTCPeerConnection === 'undefined')
    throw new VcRoomError(
      'unsupported',
      'webrtc',
      'This browser has no WebRTC (RTCPeerConnection), or a policy or extension has removed it: no call is possible here.',
    );
  if (!isSecureContext && !settings.listenOnly)
    throw new VcRoomError(
      'insecure-context',
      'http',
      'Browsers give microphones to secure pages only. Serve this page over https:, or from localhost while developing.',
    );
  const { tokenSource, tokenEndpoint, token, serverUrl } = settings;
  if (!tokenSource && !tokenEndpoint && !token)
    throw new VcRoomError(
      'not-configured',
      'no-endpoint',
      '<vc-room> does not know where to ask for a token. Set the token-endpoint attribute (or the tokenSource property); the README has an endpoint in 15 lines.',
    );
  if (token && !tokenEndpoint && !tokenSource && !serverUrl)
    throw new VcRoomError('not-configured', 'no-server-url', '<vc-room token="…"> also needs server-url="wss://…", since a token does not name its server.');
  const endpoint = tokenEndpoint ? parse(tokenEndpoint, document.baseURI, /^https?:$/) : null;
  if (tokenEndpoint && !endpoint) throw invalid('token-endpoint', tokenEndpoint, 'an http(s) URL, absolute or relative to the page');
  if (serverUrl && !parse(serverUrl, document.baseURI, /^(https?|wss?):$/)) throw invalid('server-url', serverUrl, 'a URL such as wss://sfu.example.org');
  const assets = parse(settings.assets ? settings.assets.replace(/\/?$/, '/') : './', settings.assets ? document.baseURI : home, /^(https?|file):$/);
  if (!assets) throw invalid('assets', settings.assets, 'the URL of the folder that holds the files of dist/');
  const { tokenProtocol, tokenCache, credentials, requestHeaders, matrixIdentity, room, identity, displayName, listenOnly, noiseSuppression, rtcConfig } =
    settings;
  return Object.freeze({
    tokenEndpoint: endpoint,
    tokenProtocol,
    tokenCache,
    serverUrl: serverUrl || null,
    token: token || null,
    tokenSource,
    credentials,
    requestHeaders,
    matrixIdentity,
    room,
    identity,
    displayName,
    listenOnly,
    noiseSuppression,
    echoCancellation: settings.echoCancellation === 'on',
    autoGainControl: settings.autoGainControl === 'on',
    rtcConfig,
    assets,
  });
}

/** The absolute URL; null where it is none, has another scheme, or carries a user's name or password. */
function parse(text: string, base: string, schemes: RegExp): string | null {
  if (!URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  return schemes.test(url.protocol) && !url.username && !url.password ? url.href : null;
}

function invalid(attribute: 'token-endpoint' | 'server-url' | 'assets', value: string, wanted: string): VcRoomError {
  return new VcRoomError('invalid-configuration', attribute, `<vc-room ${attribute}="${value.slice(0, 200)}"> is not ${wanted}.`);
}

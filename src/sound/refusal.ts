import { VcRoomError } from '../room/errors.js';

/** Why `getUserMedia()` gave no microphone: `mic-blocked`, `mic-missing`, `mic-in-use`, `insecure-context`, `unsupported` or `unknown`. */
export async function refusal(thrown: unknown): Promise<VcRoomError> {
  const options = { cause: thrown };
  if (!isSecureContext)
    return new VcRoomError(
      'insecure-context',
      'http',
      'Browsers give microphones to secure pages only. Serve this page over https:, or from localhost while developing.',
      options,
    );
  if (!(navigator.mediaDevices as MediaDevices | undefined))
    return new VcRoomError('unsupported', 'media-devices', 'This browser has no navigator.mediaDevices: nobody can be heard from here.', options);

  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  switch (name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
    case 'SecurityError':
      return new VcRoomError('mic-blocked', ...(await whoBlocked(name, message)), options);
    case 'NotFoundError':
    case 'DevicesNotFoundError':
    case 'OverconstrainedError':
      return new VcRoomError('mic-missing', 'no-device', 'No microphone is connected, or the browser may see none.', options);
    case 'NotReadableError':
    case 'TrackStartError':
    case 'AbortError':
      return new VcRoomError(
        'mic-in-use',
        'busy',
        `The microphone could not be started; another program may have it, or its driver failed (${name}: ${message}).`,
        options,
      );
    case 'NotSupportedError':
      return new VcRoomError(
        'unsupported',
        'web-audio',
        'This browser cannot bring this microphone into Web Audio at its rate. Another one may work.',
        options,
      );
    default:
      return new VcRoomError('unknown', 'unexpected', `The microphone could not be opened (${name}: ${message}).`, options);
  }
}

type Blocked = [reason: 'person' | 'system' | 'page-policy', message: string];

async function whoBlocked(name: string, message: string): Promise<Blocked> {
  if (name === 'SecurityError' || isOpaque() || (await policyForbids()))
    return [
      'page-policy',
      'The page may not use a microphone. Allow it: Permissions-Policy: microphone=(self); on every <iframe> around it allow="microphone", and allow-same-origin in its sandbox.',
    ];
  // Chromium names the system in its message; elsewhere a page that has the permission and is refused can only have been refused by the system.
  if (/system/i.test(message) || (await microphonePermission())?.state === 'granted')
    return ['system', `The operating system does not give this browser the microphone (${message}).`];
  return ['person', `The person, or a remembered choice of theirs, did not allow the microphone (${message}).`];
}

interface Policy {
  allowsFeature(feature: string): boolean;
}

/** In a sandbox without `allow-same-origin`, where browsers ask nobody. Pages opened as files have no origin either, and are asked about. */
function isOpaque(): boolean {
  return origin === 'null' && location.protocol !== 'file:';
}

/** Where the browser does not tell (Firefox, Safari): a page that may not use microphones is not told of any, while one whose person refuses is told that they exist. */
async function policyForbids(): Promise<boolean> {
  const { permissionsPolicy, featurePolicy } = document as { permissionsPolicy?: Policy; featurePolicy?: Policy };
  const policy = permissionsPolicy ?? featurePolicy;
  if (policy) return !policy.allowsFeature('microphone');
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => null);
  return devices?.every(({ kind }) => kind !== 'audioinput') ?? false;
}

/** The state of the permission, `null` where the browser does not tell. */
export async function microphonePermission(): Promise<PermissionStatus | null> {
  try {
    return await navigator.permissions.query({ name: 'microphone' });
  } catch {
    return null;
  }
}

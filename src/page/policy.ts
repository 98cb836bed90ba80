import { VcRoomError } from '../room/errors.js';
import type { VcRoomErrorCode } from '../room/errors.js';

/** Origins, or schemes where the browser tells no more, that the page's connect-src has refused. */
const refused = new Set<string>();

/** Ms until a refusal has been told, ample. */
const eventDelay = 50;

/** A WebSocket is refused under its own scheme, the request before it under http. */
const asHttp = (url: string): string => url.replace(/^ws/, 'http');

if (typeof document !== 'undefined')
  document.addEventListener('securitypolicyviolation', ({ blockedURI, effectiveDirective, disposition }) => {
    if (disposition !== 'enforce' || effectiveDirective !== 'connect-src') return;
    const blocked = asHttp(blockedURI);
    refused.add(URL.canParse(blocked) ? new URL(blocked).origin : blocked);
  });

/**
 * Asks for something at `url`. Where it fails and the page's own Content-Security-Policy is to blame, which browsers tell nobody but the document,
 * the error says what its connect-src lacks.
 */
export async function underPolicy<T>(url: () => string | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const asked = url();
    if (!(thrown instanceof VcRoomError) || asked === null) throw thrown;
    const { code, reason, message, cause } = thrown as VcRoomError;
    // In Firefox livekit-client, as it is published, takes it for a server that says nothing.
    if (code !== 'unreachable' && code !== 'token-unreachable' && code !== 'timeout') throw thrown;
    // The event is a task of its own, which may come after the failure, in Firefox some tasks later.
    await new Promise((resolve) => setTimeout(resolve, eventDelay));
    const { origin, protocol } = new URL(asHttp(asked));
    if (!refused.has(origin) && !refused.has(protocol.slice(0, -1))) throw thrown;
    const origins = asked.startsWith('ws') ? `${origin} ${origin.replace(/^http/, 'ws')}` : origin;
    throw new VcRoomError<VcRoomErrorCode>(
      code === 'timeout' ? 'unreachable' : code,
      reason,
      `The page's Content-Security-Policy forbids it: add ${origins} to connect-src. ${message}`,
      { cause },
    );
  }
}

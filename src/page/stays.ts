import type { CheckedGrant, Stays } from '../room/suppliers.js';

/** What tabs of this browser tell each other: who enters as whom; the nonce tells the successor of a connection from another tab. */
interface Entry {
  readonly key: string;
  readonly nonce: string;
}

interface Here {
  entry: Entry | null;
  isTakenOver: boolean;
}

const here = new Set<Here>();
let channel: BroadcastChannel | null = null;

/** Joins under one identity, on this page or in another tab of this browser: the newest has it. Other devices are not seen. */
export const stays: Stays = {
  begin() {
    const mine: Here = { entry: null, isTakenOver: false };
    const nonce = crypto.getRandomValues(new Uint32Array(2)).join('-');
    here.add(mine);
    channel ??= listen();
    return {
      get isTakenOver() {
        return mine.isTakenOver;
      },
      enter({ serverUrl, room, identity }: CheckedGrant) {
        mine.entry = { key: [serverUrl, room, identity].join('\n'), nonce };
        hear(mine.entry);
        channel?.postMessage(mine.entry);
      },
      end() {
        here.delete(mine);
        if (here.size > 0) return;
        channel?.close();
        channel = null;
      },
    };
  },
};

function listen(): BroadcastChannel | null {
  try {
    const opened = new BroadcastChannel('vc-room:stays');
    opened.onmessage = ({ data }: MessageEvent<Entry | null>) => {
      if (data) hear(data);
    };
    return opened;
  } catch {
    // Documents without an origin of their own have none.
    return null;
  }
}

function hear({ key, nonce }: Entry): void {
  for (const stay of here) if (stay.entry?.key === key && stay.entry.nonce !== nonce) stay.isTakenOver = true;
}

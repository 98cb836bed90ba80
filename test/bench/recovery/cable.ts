import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const addresses = { server: '10.77.0.2', client: ['10.77.0.1', '10.77.0.3'] } as const;
const link = 'eth0';

/** A network of two machines within this one: two network namespaces and a cable between them. Nothing outside of them changes. */
export interface Cable {
  /** Namespace in which a process stands beside the server. */
  readonly serverSide: string;
  /** Namespace of the person whose network fails. */
  readonly clientSide: string;
}

/**
 * Lays a cable; both ends have a loopback of their own.
 * @throws Error why this machine cannot
 */
export function layCable(): Cable {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) throw new Error('needs root on Linux');
  const cable = { clientSide: `vc-client-${process.pid}`, serverSide: `vc-server-${process.pid}` };
  try {
    for (const end of [cable.clientSide, cable.serverSide]) ip('netns', 'add', end);
    ip('link', 'add', link, 'netns', cable.clientSide, 'type', 'veth', 'peer', 'name', link, 'netns', cable.serverSide);
    ip('-n', cable.serverSide, 'addr', 'add', `${addresses.server}/32`, 'dev', link);
    ip('-n', cable.clientSide, 'addr', 'add', `${addresses.client[0]}/32`, 'dev', link);
    for (const end of [cable.clientSide, cable.serverSide]) {
      for (const device of ['lo', link]) ip('-n', end, 'link', 'set', device, 'up');
      ip('-n', end, 'route', 'add', 'default', 'dev', link);
    }
    return cable;
  } catch (error) {
    cutCable(cable);
    throw error;
  }
}

export function cutCable({ clientSide, serverSide }: Cable): void {
  for (const end of [clientSide, serverSide]) {
    try {
      ip('netns', 'del', end);
    } catch {
      // It was never made.
    }
  }
}

/** What a process beside the server can do with the cable that it was started at. */
export class CableEnd {
  /** Where browsers at both ends find servers. */
  readonly address = addresses.server;
  readonly #clientSide: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'vc-room-cable-'));
  #current: (typeof addresses.client)[number] = addresses.client[0];

  constructor(clientSide: string) {
    this.#clientSide = clientSide;
  }

  /** An executable that runs `program` at the client's end. */
  wrap(program: string): string {
    const path = join(this.#folder, 'program');
    writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${this.#clientSide} '${program}' "$@"\n`, { mode: 0o700 });
    return path;
  }

  /**
   * Gives the client another address, after so many ms without a link. Its old TCP connections hang, as on a Linux desktop, or are reset, as Android does
   * it.
   */
  async move(old: 'hang' | 'reset', gap = 0): Promise<void> {
    const before = this.#current;
    this.#current = addresses.client.find((address) => address !== before) ?? before;
    if (gap > 0) {
      ip('-n', this.#clientSide, 'link', 'set', link, 'down');
      await sleep(gap);
    }
    ip('-n', this.#clientSide, 'addr', 'add', `${this.#current}/32`, 'dev', link);
    ip('-n', this.#clientSide, 'addr', 'del', `${before}/32`, 'dev', link);
    if (gap > 0) ip('-n', this.#clientSide, 'link', 'set', link, 'up');
    // It keeps the address that it was made with, and goes with the link.
    ip('-n', this.#clientSide, 'route', 'replace', 'default', 'dev', link);
    if (old === 'reset') execFileSync('ip', ['netns', 'exec', this.#clientSide, 'ss', '-K', '-t', 'src', before], { stdio: 'pipe' });
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' });
}

import type { Protocol } from './line.js';

/** Which port takes the place of a candidate's; null: nobody shall get through there. */
export type NewPort = (protocol: Protocol, address: string, port: number) => number | null;

const endOfHead = Buffer.from('\r\n\r\n');
/** The discard service, which nobody runs. */
const nowhere = 9;

/**
 * One direction of a connection to the signal port: lets HTTP through, and in a WebSocket gives every ICE candidate the port that `newPort` says.
 * Bytes come out by whole frames and as many as went in, except that a request loses its Sec-WebSocket-Extensions: deflated frames could not be read.
 */
export class SignalFilter {
  readonly #newPort: NewPort;
  #mode: 'head' | 'frames' | 'raw' = 'head';
  #rest: Buffer = Buffer.alloc(0);

  constructor(newPort: NewPort) {
    this.#newPort = newPort;
  }

  get isWebSocket(): boolean {
    return this.#mode === 'frames';
  }

  push(chunk: Buffer): Buffer {
    if (this.#mode === 'raw') return chunk;
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const head = this.#mode === 'head' ? this.#takeHead() : Buffer.alloc(0);
    return Buffer.concat([head, ...this.#takeBody()]);
  }

  *#takeBody(): Generator<Buffer> {
    if (this.#mode === 'frames') yield* this.#takeFrames();
    else if (this.#mode === 'raw') yield this.#take(this.#rest.length);
  }

  #takeHead(): Buffer {
    const end = this.#rest.indexOf(endOfHead);
    if (end < 0) return Buffer.alloc(0);
    const head = this.#take(end + endOfHead.length).toString('latin1');
    this.#mode = /^upgrade: *websocket\r$/im.test(head) && !/^HTTP\/1\.1 (?!101)/.test(head) ? 'frames' : 'raw';
    return Buffer.from(head.replace(/^sec-websocket-extensions:.*\r\n/im, ''), 'latin1');
  }

  *#takeFrames(): Generator<Buffer> {
    for (let frame = measure(this.#rest); frame; frame = measure(this.#rest)) {
      const bytes = Buffer.from(this.#take(frame.end));
      const payload = bytes.subarray(frame.start);
      mask(payload, frame.key);
      rewrite(payload, this.#newPort);
      mask(payload, frame.key);
      yield bytes;
    }
  }

  #take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }
}

/** Where the payload of the first frame (RFC 6455, 5.2) starts and ends, and the key that masks it; null while the frame is not whole. */
function measure(bytes: Buffer): { start: number; end: number; key: Buffer | null } | null {
  if (bytes.length < 2) return null;
  const short = bytes.readUInt8(1) & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const masked = (bytes.readUInt8(1) & 0x80) !== 0;
  const start = 2 + extended + (masked ? 4 : 0);
  if (bytes.length < start) return null;
  const length = extended === 2 ? bytes.readUInt16BE(2) : extended === 8 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < start + length) return null;
  return { start, end: start + length, key: masked ? Buffer.from(bytes.subarray(start - 4, start)) : null };
}

function mask(payload: Buffer, key: Buffer | null): void {
  if (key) for (let index = 0; index < payload.length; index++) payload[index] = (payload[index] ?? 0) ^ (key[index % 4] ?? 0);
}

/** In place, with leading zeros so that the lengths in the protobuf around it stay true. */
function rewrite(payload: Buffer, newPort: NewPort): void {
  if (!payload.includes('candidate:')) return;
  const text = payload
    .toString('latin1')
    .replace(/(candidate:\S+ \d+ (udp|tcp) \d+ (\S+) )(\d+)(?= typ )/gi, (_, before: string, protocol: string, address: string, port: string) => {
      const other = newPort(protocol.toLowerCase() as Protocol, address, Number(port)) ?? nowhere;
      return before + String(other).padStart(port.length, '0');
    });
  payload.write(text, 'latin1');
}

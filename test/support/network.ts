import { createSocket } from 'node:dgram';
import type { Socket as UdpSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import type { LiveKitPorts } from '../../demo/livekit-server.js';
import { Line, Queue, Stream } from './line.js';
import type { Conditions } from './line.js';
import { SignalFilter } from './signal-frames.js';
import type { NewPort } from './signal-frames.js';

const loopback = '127.0.0.1';
/** Bytes of a TCP segment without data, as rates and losses see it. */
const bareSegment = 60;
/** After so many ms a first packet of TCP that was lost is sent again (RFC 6298). */
const handshakePatience = 1000;

export interface NetworkOptions extends Partial<Conditions> {
  /** The server behind it; it may be killed and come back on the same ports. */
  server: { readonly ports: LiveKitPorts };
  /** Repeats the same losses; default 1. */
  seed?: number;
  /** Called with each UDP packet that a browser sends, before anything happens to it. */
  onUdp?: (packet: Buffer, browser: string) => void;
}

export interface NetworkStats {
  /** Sockets of browsers that have sent media over UDP so far. */
  readonly udpPeers: number;
  /** UDP packets that came in, in both directions, and how many of them were lost. */
  readonly udpPackets: number;
  readonly udpLost: number;
  /** Connections open now. */
  readonly webSockets: number;
  readonly mediaOverTcp: number;
  /** Bytes over the signal port and over ICE/TCP, in both directions. */
  readonly tcpBytes: number;
}

export interface Network {
  /** Where browsers find the server: `ws://127.0.0.1:<port>`. */
  readonly url: string;
  /** Its own ports, one of which is in the nominated pair of every browser. */
  readonly ports: LiveKitPorts;
  /** Changes what is named, at once. */
  set(conditions: Partial<Conditions>): void;
  /** Resets every WebSocket at both ends, while media goes on; how many there were. */
  cutWebSockets(): number;
  stats(): NetworkStats;
  stop(): Promise<void>;
}

/**
 * A network between browsers and a LiveKit server on this machine, without root: signalling, media over UDP and media over TCP pass through
 * this process, and since every other candidate is made useless on its way, media cannot take another path (facts, livekit.md section 0).
 */
export async function startNetwork({ server, seed = 1, onUdp, ...conditions }: NetworkOptions): Promise<Network> {
  const now: Conditions = { rtt: 0, jitter: 0, loss: 0, down: false, drop: 'none', rate: null, ...conditions };
  const lines = { up: new Line(now, seed), down: new Line(now, seed + 1) };
  const counts = { udpPackets: 0, udpLost: 0, tcpBytes: 0 };
  const udp = await bindUdp(server.ports.udp);
  const udpPeers = new Map<string, UdpPeer>();
  const connections = new Set<TcpConnection>();
  const accept = (port: number, filters: () => Filters | null) => (socket: Socket) => {
    const connection = new TcpConnection(socket, port, lines, filters(), (bytes) => (counts.tcpBytes += bytes));
    connections.add(connection);
    connection.onClose = () => connections.delete(connection);
  };
  const tcp = await listen(
    server.ports.tcp,
    accept(server.ports.tcp, () => null),
  );
  const ports: LiveKitPorts = { signal: 0, tcp: portOf(tcp), udp: udp.address().port };
  const toBrowser: NewPort = (protocol, address, port) => (address === loopback && port === server.ports[protocol] ? ports[protocol] : null);
  const signal = await listen(
    server.ports.signal,
    accept(server.ports.signal, () => ({ up: new SignalFilter(() => null), down: new SignalFilter(toBrowser) })),
  );

  udp.on('message', (packet, { address, port }) => {
    const browser = `${address}:${port}`;
    onUdp?.(packet, browser);
    let peer = udpPeers.get(browser);
    if (!peer) udpPeers.set(browser, (peer = openUdpPeer((answer, queue) => pass(lines.down, answer, queue, () => udp.send(answer, port, address)))));
    const { socket, up } = peer;
    pass(lines.up, packet, up, () => socket.send(packet, server.ports.udp, loopback));
  });

  udp.on('error', () => undefined);

  function pass(line: Line, packet: Buffer, queue: Queue, deliver: () => void): void {
    counts.udpPackets++;
    const at = line.crossing(packet.length, 'udp');
    if (at === null) counts.udpLost++;
    else queue.push(at, deliver);
  }

  return {
    url: `ws://${loopback}:${portOf(signal)}`,
    ports: { ...ports, signal: portOf(signal) },
    set: (change) => void Object.assign(now, change),
    cutWebSockets() {
      const cut = [...connections].filter(({ isWebSocket }) => isWebSocket);
      for (const connection of cut) connection.reset();
      return cut.length;
    },
    stats: () => ({
      ...counts,
      udpPeers: udpPeers.size,
      webSockets: [...connections].filter(({ isWebSocket }) => isWebSocket).length,
      mediaOverTcp: [...connections].filter(({ isMedia }) => isMedia).length,
    }),
    async stop() {
      const closed = [tcp, signal].map((listening) => new Promise((resolve) => listening.close(resolve)));
      for (const connection of connections) connection.reset();
      for (const { socket, up, down } of udpPeers.values()) {
        up.clear();
        down.clear();
        socket.close();
      }
      udp.close();
      await Promise.all(closed);
    },
  };
}

interface Filters {
  readonly up: SignalFilter;
  readonly down: SignalFilter;
}

/** What stands for one socket of a browser at the server. */
interface UdpPeer {
  readonly socket: UdpSocket;
  readonly up: Queue;
  readonly down: Queue;
}

function openUdpPeer(answered: (answer: Buffer, queue: Queue) => void): UdpPeer {
  const socket = createSocket('udp4');
  const down = new Queue();
  socket.on('message', (answer) => answered(answer, down));
  // The server may be away.
  socket.on('error', () => undefined);
  return { socket, up: new Queue(), down };
}

/** A browser's TCP connection and its twin at the server. The handshake costs its round trip too: the browser believes itself connected, but is held back. */
class TcpConnection {
  onClose: () => void = () => undefined;
  readonly #browser: Socket;
  readonly #filters: Filters | null;
  readonly #up: Stream;
  readonly #down: Stream;
  readonly #count: (bytes: number) => void;
  #server: Socket | null = null;
  #over = false;

  constructor(browser: Socket, port: number, lines: { readonly up: Line; readonly down: Line }, filters: Filters | null, count: (bytes: number) => void) {
    this.#browser = browser;
    this.#filters = filters;
    this.#count = count;
    this.#up = new Stream(lines.up);
    this.#down = new Stream(lines.down);
    browser.setNoDelay(true);
    this.#up.send(bareSegment, () => this.#connect(port), handshakePatience);
    this.#up.cork();
    this.#forward(browser, filters?.up, this.#up, () => this.#server);
  }

  get isMedia(): boolean {
    return this.#filters === null;
  }

  get isWebSocket(): boolean {
    return this.#filters?.down.isWebSocket ?? false;
  }

  /** Both ends learn at once, whatever the network is like. */
  reset(): void {
    if (this.#over) return;
    this.#over = true;
    this.#up.clear();
    this.#down.clear();
    this.#browser.resetAndDestroy();
    this.#server?.resetAndDestroy();
    this.onClose();
  }

  #connect(port: number): void {
    const server = connect({ port, host: loopback, allowHalfOpen: true, noDelay: true });
    this.#server = server;
    server.once('connect', () => this.#down.send(bareSegment, () => this.#up.uncork(), handshakePatience));
    this.#forward(server, this.#filters?.down, this.#down, () => this.#browser);
  }

  #forward(from: Socket, filter: SignalFilter | undefined, stream: Stream, to: () => Socket | null): void {
    from.on('data', (chunk) => {
      this.#count(chunk.length);
      const bytes = filter ? filter.push(chunk) : chunk;
      if (bytes.length > 0) stream.send(bytes.length, () => to()?.write(bytes));
    });
    from.on('end', () => stream.send(bareSegment, () => to()?.end()));
    from.on('error', () => stream.send(bareSegment, () => this.reset()));
    from.on('close', () => {
      if (!this.#browser.destroyed || !this.#server?.destroyed || this.#over) return;
      this.#over = true;
      this.#up.clear();
      this.#down.clear();
      this.onClose();
    });
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The relay does not listen.');
  return address.port;
}

/** A port with as many digits as `like`, so that it can take its place in a message. */
function similarPort(like: number): number {
  const digits = String(like).length;
  const [from, to] = [Math.max(2000, 10 ** (digits - 1)), Math.min(65_535, 10 ** digits - 1)];
  return from + Math.floor(Math.random() * (to - from));
}

async function listen(like: number, accept: (socket: Socket) => void): Promise<Server> {
  for (;;) {
    const server = createServer({ allowHalfOpen: true }, accept);
    const listening = new Promise<boolean>((resolve) => {
      server.once('listening', () => resolve(true));
      server.once('error', () => resolve(false));
    });
    server.listen(similarPort(like), loopback);
    if (await listening) return server;
  }
}

async function bindUdp(like: number): Promise<UdpSocket> {
  for (;;) {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
    const bound = new Promise<boolean>((resolve) => {
      socket.once('listening', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.bind(similarPort(like), loopback);
    if (await bound) return socket;
  }
}

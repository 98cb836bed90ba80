/** Child processes that never outlive the one that started them. */
import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ChildOptions {
  env?: NodeJS.ProcessEnv;
  stdio?: StdioOptions;
  /** A file that goes when the starter dies without stopping the child. */
  litter?: string;
  /** A command that cleans up what killing the process does not, e.g. a container; run only when the starter dies without stopping the child. */
  rescue?: readonly string[];
}

export interface Exit {
  /** Exit status, or null where a signal ended it or it could not be started. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Set where the process could not be started at all. */
  readonly error?: Error;
}

export interface Child {
  readonly process: ChildProcess;
  /** Settles when the process has gone; never rejects. */
  readonly exited: Promise<Exit>;
  /** Kills it at once, with its children, and runs the rescue; settles when it has gone. */
  destroy(): Promise<void>;
}

/**
 * Starts a process in its own group, so that the terminal's Ctrl-C reaches only us and we stop it in order, with a guard beside it that kills the
 * group when we vanish (SIGKILL, power tools, a crash). Neither keeps this process alive; who waits for `exited` calls `process.ref()` first.
 */
export function startChild(command: string, parameters: readonly string[], options: ChildOptions = {}): Child {
  const child = spawn(command, parameters, {
    env: options.env ?? process.env,
    stdio: options.stdio ?? 'ignore',
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  child.unref();
  let guard: ChildProcess | null = null;
  if (child.pid !== undefined) {
    guard = spawn(
      process.execPath,
      [fileURLToPath(new URL('./guard.mjs', import.meta.url)), String(child.pid), options.litter ?? '', ...(options.rescue ?? [])],
      {
        env: withoutNodeOptions(),
        stdio: ['pipe', 'ignore', 'ignore'],
        detached: process.platform !== 'win32',
        windowsHide: true,
      },
    );
    guard.on('error', () => undefined);
    guard.unref();
    (guard.stdin as (NodeJS.WritableStream & { unref?: () => void }) | null)?.unref?.();
  }
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, error });
    });
    child.once('exit', (code, signal) => {
      guard?.kill('SIGKILL');
      resolve({ code, signal });
    });
  });
  return {
    process: child,
    exited,
    async destroy() {
      child.ref();
      signalTree(child, 'SIGKILL');
      await exited;
      const [rescue, ...rest] = options.rescue ?? [];
      if (rescue) spawnSync(rescue, rest, { stdio: 'ignore', windowsHide: true });
    },
  };
}

/** Sends a signal to the process and all its children; does nothing when it has gone. */
function signalTree(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { windowsHide: true });
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It went in between.
  }
}

/** `NODE_OPTIONS` of a test runner or debugger must not reach the guard: it would load their hooks, or wait for a debugger. */
function withoutNodeOptions(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  delete environment['NODE_OPTIONS'];
  return environment;
}

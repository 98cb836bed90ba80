#!/usr/bin/env -S node --import tsx
import { spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/**
 * What Playwright starts in place of Firefox (FIREFOX_PATH): that one, with a bridge to its WebDriver BiDi, of which stock Firefox ESR knows less than Playwright takes
 * for granted.
 */

interface Command {
  readonly id: number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Answered as done: what nobody of the tests has emulated in Firefox. */
const unknown = ['emulation.setMediaFeaturesOverride'];

/** Runs in Firefox's own window: the person's answer, kept for a site in one user context. */
const setPermission = `(name, state, origin, userContext) => {
  const { UserContextManager } = ChromeUtils.importESModule('chrome://remote/content/shared/UserContextManager.sys.mjs');
  const userContextId = UserContextManager.getInternalIdById(userContext);
  const site = Services.scriptSecurityManager.createContentPrincipal(Services.io.newURI(origin), { userContextId });
  Services.perms.addFromPrincipal(site, name, Services.perms[{ granted: 'ALLOW_ACTION', denied: 'DENY_ACTION' }[state] ?? 'PROMPT_ACTION']);
}`;

const firefox = spawn(process.env['FIREFOX_PATH'] ?? 'firefox', [...process.argv.slice(2), '--remote-allow-system-access'], {
  stdio: ['inherit', 'inherit', 'pipe'],
});
firefox.once('exit', (code) => process.exit(code ?? 1));
firefox.stderr.setEncoding('utf8').on('data', (said: string) => {
  const address = /WebDriver BiDi listening on (\S+)/.exec(said)?.[1];
  if (address === undefined) process.stderr.write(said);
  else listen(address);
});

function listen(address: string): void {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (playwright) => bridge(playwright, new WebSocket(`${address}/session`)));
  server.once('listening', () => console.error(`WebDriver BiDi listening on ws://127.0.0.1:${(server.address() as AddressInfo).port}`));
}

function bridge(playwright: WebSocket, browser: WebSocket): void {
  const opened = new Promise((resolve) => browser.once('open', resolve));
  /** What the bridge itself has asked, by id: far from those of Playwright. */
  const asked = new Map<number, (result: unknown) => void>();
  let lastAsked = 1e12;
  const ask = <Result>(method: string, params: object): Promise<Result> =>
    new Promise((resolve) => {
      asked.set(++lastAsked, resolve as (result: unknown) => void);
      browser.send(JSON.stringify({ id: lastAsked, method, params }));
    });
  const done = (id: number): void => playwright.send(JSON.stringify({ type: 'success', id, result: {} }));

  async function pass(command: Command): Promise<void> {
    const { id, method, params } = command;
    await opened;
    if (unknown.includes(method)) return done(id);
    if (method === 'permissions.setPermission') {
      const { descriptor, state, origin, userContext } = params as { descriptor: { name: string }; state: string; origin: string; userContext: string };
      const { contexts } = await ask<{ contexts: readonly { context: string }[] }>('browsingContext.getTree', { 'moz:scope': 'chrome', maxDepth: 0 });
      await ask('script.callFunction', {
        functionDeclaration: setPermission,
        awaitPromise: false,
        target: { context: contexts[0]?.context },
        arguments: [descriptor.name, state, origin, userContext].map((value) => ({ type: 'string', value })),
      });
      return done(id);
    }
    // What Playwright runs in a page, before the page itself does, is no gesture of a person.
    const isLook = params['userActivation'] === true;
    browser.send(JSON.stringify(isLook ? { id, method, params: { ...params, userActivation: false } } : command));
  }

  playwright.on('message', (data: Buffer) => void pass(JSON.parse(data.toString()) as Command));
  browser.on('message', (data: Buffer) => {
    const { id, result } = JSON.parse(data.toString()) as { id?: number; result?: unknown };
    const answered = id === undefined ? undefined : asked.get(id);
    if (id === undefined || !answered) return playwright.send(data.toString());
    asked.delete(id);
    answered(result);
  });
  for (const [one, other] of [
    [playwright, browser],
    [browser, playwright],
  ] as const)
    one.on('error', () => undefined).once('close', () => other.close());
}

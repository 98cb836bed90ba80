import { RenderedElement } from './rendered-element.js';
import type { RequestHeaders } from './config.js';
import { prefer, preferences } from './page/preferences.js';
import type { Preferences } from './page/preferences.js';
import type { MatrixIdentity, TokenSource } from './room/suppliers.js';
import type { Strings } from './strings/en.js';

type Parse = (raw: unknown) => unknown;

const text = (raw: unknown): string => (raw == null ? '' : `${raw as string}`);
const presence = (raw: unknown): boolean => raw === '' || Boolean(raw);
const oneOf =
  <T extends string>(first: T, ...others: T[]) =>
  (raw: unknown): T =>
    others.find((value) => value === raw) ?? first;

/** What authors say by attribute (in kebab case) or by the property of the same name; an unknown value means the first, the default. */
const settings = {
  tokenEndpoint: text,
  tokenProtocol: oneOf('livekit', 'query', 'matrix'),
  serverUrl: text,
  token: text,
  tokenCache: oneOf('persistent', 'memory', 'none'),
  credentials: oneOf('same-origin', 'omit', 'include'),
  room: text,
  identity: text,
  displayName: text,
  listenOnly: presence,
  preload: oneOf('intent', 'none', 'auto'),
  micPrefetch: oneOf('granted', 'ask', 'off'),
  standby: presence,
  autojoin: presence,
  resume: presence,
  wakeLock: presence,
  noiseSuppression: oneOf('rnnoise', 'browser', 'off'),
  echoCancellation: oneOf('on', 'off'),
  autoGainControl: oneOf('on', 'off'),
  layout: oneOf('inline', 'compact', 'floating'),
  placement: oneOf('bottom-right', 'bottom-left', 'top-right', 'top-left'),
  pushToTalk: text,
  pushToTalkMode: oneOf('hold', 'toggle'),
  pushToTalkScope: oneOf('widget', 'page'),
  cues: oneOf('on', 'off'),
  assets: text,
} satisfies Record<string, Parse>;

const callback =
  <F>() =>
  (raw: unknown): F | null =>
    typeof raw === 'function' ? (raw as F) : null;

const object =
  <T extends object>() =>
  (raw: unknown): T | undefined =>
    typeof raw === 'object' && raw ? (raw as T) : undefined;

/** What has no attribute, because no text could say it. */
const properties = {
  tokenSource: callback<TokenSource>(),
  requestHeaders: callback<RequestHeaders>(),
  matrixIdentity: callback<MatrixIdentity>(),
  strings: object<Partial<Strings>>(),
  rtcConfig: object<RTCConfiguration>(),
} satisfies Record<string, Parse>;

/** Which of them people choose for themselves, to be remembered. */
const personal = ['noiseSuppression', 'pushToTalk', 'pushToTalkMode', 'cues'] as const satisfies (keyof Preferences & keyof typeof settings)[];

/** One choice of a person. */
export type Choice = Pick<Preferences, (typeof personal)[number]>;

const all = { ...settings, ...properties };

export const settingNames: readonly string[] = Object.keys(all);

export type Settings = { -readonly [K in keyof typeof all]: ReturnType<(typeof all)[K]> };

const byAttribute = new Map(Object.keys(settings).map((name) => [name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), name]));

export const settingAttributes: readonly string[] = [...byAttribute.keys()];

/**
 * One property a setting. Properties are parsed as attributes are and never throw; setting one does not write the attribute (attributes are what the author
 * says). Script counts more than what the person chose, and that more than the attribute, whichever is said last.
 */
export abstract class SettingsElement extends RenderedElement {
  readonly #said: Record<string, unknown> = {};
  readonly #scripted = new Map<string, unknown>();

  static {
    for (const [name, parse] of Object.entries<Parse>(all))
      Object.defineProperty(this.prototype, name, {
        configurable: true,
        enumerable: true,
        get(this: SettingsElement) {
          if (this.#scripted.has(name)) return this.#scripted.get(name);
          const chosen = personal.find((one) => one === name);
          const choice = chosen && preferences()[chosen];
          return choice === undefined ? (this.#said[name] ?? parse(null)) : parse(choice);
        },
        set(this: SettingsElement, raw: unknown) {
          this.#scripted.set(name, parse(raw));
          this.#follow([name]);
        },
      });
  }

  /** For what takes effect at once; the rest counts from the next join. */
  protected settingChanged(_name: string): void {}

  attributeChangedCallback(attribute: string, _before: string | null, now: string | null): void {
    const name = byAttribute.get(attribute);
    if (!name) return;
    this.#said[name] = (all as Record<string, Parse>)[name]?.(now);
    this.#follow([name]);
  }

  /** What people chose is another now. */
  protected choicesChanged(): void {
    this.#follow(personal);
  }

  /** The person decides, here and at the next visit. */
  protected choose(choice: Choice): void {
    prefer(choice);
    const names = Object.keys(choice);
    for (const name of names) this.#scripted.delete(name);
    this.#follow(names);
  }

  #follow(names: readonly string[]): void {
    for (const name of names) this.settingChanged(name);
    this.requestUpdate();
  }
}

/** Defined by the static block above. */
export interface SettingsElement extends Settings {}

/** As of now; a join counts with the ones of its press. */
export function settingsOf(element: SettingsElement): Readonly<Settings> {
  return Object.fromEntries(settingNames.map((name) => [name, Reflect.get(element, name)])) as unknown as Settings;
}

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { combinationOf, pressableOf } from './keys.js';
import type { Combination } from './keys.js';
import { isTyping } from './typing.js';

export interface PushToTalkSettings {
  /** By `KeyboardEvent.code`; empty: there is no push-to-talk. */
  readonly keys: string;
  readonly mode: 'hold' | 'toggle';
  /** Where keys count: with the focus in the widget, or anywhere on the page. */
  readonly scope: 'widget' | 'page';
  readonly talking: boolean;
}

/**
 * Keys and the on-screen key that let the voice out. Never while typing in a field; a key that would press what has the focus presses it, unless a pointer
 * brought the focus there. What is held is released when its keyup may be lost: on blur, when the page is hidden, when the element goes away.
 */
export class PushToTalk implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #settings: () => PushToTalkSettings;
  readonly #talk: (talking: boolean) => void;
  readonly #down = new Set<string>();
  #life = new AbortController();
  #focusedByPointer = false;
  #byKey = false;
  #pointer: number | null = null;
  #isPressed = false;

  /** `talk` is told of every change, in the task of the event. */
  constructor(host: ReactiveControllerHost & HTMLElement, settings: () => PushToTalkSettings, talk: (talking: boolean) => void) {
    this.#host = host;
    this.#settings = settings;
    this.#talk = talk;
    host.addController(this);
  }

  hostConnected(): void {
    const { signal } = (this.#life = new AbortController());
    // Not that of the script: the element may live in a frame, or in a Document Picture-in-Picture.
    const view = this.#host.ownerDocument.defaultView ?? window;
    view.addEventListener('keydown', this.#keydown, { signal });
    view.addEventListener('keyup', this.#keyup, { signal, capture: true });
    view.addEventListener('blur', this.release, { signal });
    view.addEventListener('pointerdown', this.#notePointer, { signal, capture: true, passive: true });
    view.document.addEventListener('visibilitychange', this.release, { signal });
  }

  hostDisconnected(): void {
    this.#life.abort();
    this.release();
  }

  /** Nobody holds anything any more; what was latched stays. */
  readonly release = (): void => {
    const isHeld = this.#byKey || this.#pointer !== null;
    this.#down.clear();
    this.#byKey = false;
    this.#pointer = null;
    if (isHeld) this.#letUp();
  };

  /** For the on-screen key. */
  readonly pointerdown = (event: PointerEvent): void => {
    if (!event.isPrimary || event.button) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#pointer = event.pointerId;
    this.#isPressed = true;
    this.#press();
  };

  readonly pointerup = (event: PointerEvent): void => {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = null;
    this.#letUp();
  };

  /** Who can only click latches it, in either mode. */
  readonly click = (): void => {
    if (!this.#isPressed) this.#set(!this.#settings().talking);
    this.#isPressed = false;
  };

  /** The focused on-screen key answers to Space and Enter, as a button does, whatever the keys are. */
  readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    if (!event.repeat) this.#pressKey(event.code);
  };

  get #keys(): Combination {
    return combinationOf(this.#settings().keys);
  }

  readonly #notePointer = (event: PointerEvent): void => {
    this.#focusedByPointer = Boolean(pressableOf(event));
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    if (event.key === 'Tab') this.#focusedByPointer = false;
    const keys = this.#keys;
    if (event.defaultPrevented || !keys.includes(event.code) || !this.#counts(event, keys)) return;
    this.#down.add(event.code);
    if (!keys.every((code) => this.#down.has(code))) return;
    event.preventDefault();
    if (!event.repeat) this.#pressKey(event.code);
  };

  #counts(event: KeyboardEvent, keys: Combination): boolean {
    if (isTyping(event)) return false;
    if (this.#settings().scope === 'widget' && !event.composedPath().includes(this.#host)) return false;
    // Ctrl+Space is somebody else's.
    const strange = (modifier: string, held: boolean): boolean => held && !keys.some((code) => code.startsWith(modifier));
    if (strange('Control', event.ctrlKey) || strange('Alt', event.altKey) || strange('Meta', event.metaKey)) return false;
    const presses = event.code === 'Space' || event.code === 'Enter' || event.code === 'NumpadEnter';
    return !presses || this.#focusedByPointer || !pressableOf(event);
  }

  #pressKey(code: string): void {
    this.#down.add(code);
    this.#byKey = true;
    this.#press();
  }

  readonly #keyup = (event: KeyboardEvent): void => {
    // macOS tells of no keyup while Meta is held.
    const ends = this.#down.delete(event.code) || (event.key === 'Meta' && this.#down.size > 0);
    if (event.key === 'Meta') this.#down.clear();
    if (!ends || !this.#byKey) return;
    // In Firefox the keyup is what clicks.
    event.preventDefault();
    this.#byKey = false;
    this.#letUp();
  };

  #press(): void {
    const { mode, talking } = this.#settings();
    this.#set(mode === 'hold' || !talking);
  }

  #letUp(): void {
    if (this.#settings().mode === 'hold') this.#set(false);
  }

  #set(talking: boolean): void {
    if (talking !== this.#settings().talking) this.#talk(talking);
  }
}

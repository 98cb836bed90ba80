import type { Strings } from '../strings/en.js';
import { format } from '../strings/format.js';

/** Keys by `KeyboardEvent.code` that are held together, e.g. `ControlLeft+Backquote`. */
export type Combination = readonly string[];

/** Reads `Space` or `ControlLeft+Backquote`; empty for none. */
export function combinationOf(text: string): Combination {
  return [...new Set(text.split('+').map((code) => code.trim()))].filter((code) => /^\w+$/.test(code));
}

const named: Readonly<Record<string, string>> = {
  Backquote: '`',
  Minus: '-',
  Equal: '=',
  BracketLeft: '[',
  BracketRight: ']',
  Backslash: '\\',
  Semicolon: ';',
  Quote: "'",
  Comma: ',',
  Period: '.',
  Slash: '/',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};
/** What the browser says stands on the keys of this keyboard. */
let printed: ReadonlyMap<string, string> = new Map();

/** Asks what stands on the keys of this keyboard: only Chromium tells, and not in every frame. From then on `labelOf()` knows. */
export async function readKeyboard(): Promise<void> {
  const { keyboard } = navigator as { keyboard?: { getLayoutMap(): Promise<ReadonlyMap<string, string>> } };
  printed = (await keyboard?.getLayoutMap().catch(() => null)) ?? printed;
}

/** What stands on the keys, or else on those of most keyboards, as people read it: `Ctrl + A`. */
export function labelOf(combination: Combination, strings: Strings): string {
  return combination.map((code) => keyLabel(code, strings)).join(' + ');
}

function keyLabel(code: string, strings: Strings): string {
  const words: Readonly<Record<string, string | undefined>> = strings;
  const [, base = '', side] = /^(Control|Shift|Alt|Meta)(Left|Right)$/.exec(code) ?? [];
  const name = words[`key.${base || code}`] ?? base;
  if (name) return side === 'Right' ? format(strings['key.right'], { key: name }) : name;
  if (code.startsWith('Numpad')) return format(strings['key.numpad'], { key: keyLabel(code.slice(6), strings) });
  const letter = printed.get(code);
  return letter ? capital(letter) : (named[code] ?? code.replace(/^(Key|Digit)(?=.$)/, '').replace(/(?<=[a-z])(?=[A-Z\d])/g, ' '));
}

/** As keys have it: there is no key `SS`. */
function capital(letter: string): string {
  const upper = letter.toUpperCase();
  return upper.length === letter.length ? upper : letter;
}

const pressable =
  'button,summary,a[href],input:not([type=range]),[role=button],[role=switch],[role=checkbox],[role=radio],[role=option],[role=tab],[role^=menuitem],video[controls],audio[controls]';

/** What Space and Enter would press, if they were not taken. */
export function pressableOf(event: Event): Element | null {
  const [target] = event.composedPath();
  return (target as Partial<Element> | undefined)?.closest?.(pressable) ?? null;
}

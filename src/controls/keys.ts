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
const modifiers: Readonly<Record<string, string>> = { Control: 'Ctrl', Shift: 'Shift', Alt: 'Alt', Meta: 'Meta' };

/** What stands on the keys of most keyboards, as people read it: `Ctrl + A`. */
export function labelOf(combination: Combination): string {
  return combination.map(keyLabel).join(' + ');
}

function keyLabel(code: string): string {
  const [, modifier, side] = /^(Control|Shift|Alt|Meta)(Left|Right)$/.exec(code) ?? [];
  if (modifier && side) return side === 'Left' ? (modifiers[modifier] ?? modifier) : `${side} ${modifiers[modifier] ?? modifier}`;
  return named[code] ?? code.replace(/^(Key|Digit)(?=.$)/, '').replace(/(?<=[a-z])(?=[A-Z\d])/g, ' ');
}

const pressable =
  'button,summary,a[href],input,[role=button],[role=switch],[role=checkbox],[role=radio],[role=option],[role=tab],[role^=menuitem],video[controls],audio[controls]';

/** What Space and Enter would press, if they were not taken. */
export function pressableOf(event: Event): Element | null {
  const [target] = event.composedPath();
  return (target as Partial<Element> | undefined)?.closest?.(pressable) ?? null;
}

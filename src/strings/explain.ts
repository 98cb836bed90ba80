import type { FirstStrings } from './en.js';

/** An error in words for people: by code and reason, by code, else the code itself. */
export function explain(strings: FirstStrings, { code, reason }: { readonly code: string; readonly reason: string }): string {
  const words: Readonly<Record<string, string | undefined>> = strings;
  return words[`error.${code}.${reason}`] ?? words[`error.${code}`] ?? code;
}

import { first } from './first.js';

/**
 * Every English word of the face; its keys are the type of every other language.
 * Errors are `error.<code>`, or finer `error.<code>.<reason>`. Counted words list their plural categories: `one:…|other:…`.
 */
export const en = {
  ...first,
} as const;

export type Strings = Readonly<Record<keyof typeof en, string>>;

/** What the lobby can rely on while the rest is still on its way. */
export type FirstStrings = Readonly<Record<keyof typeof first, string>> & Partial<Strings>;

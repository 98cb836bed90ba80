import type { Strings } from './en.js';
import type { first } from './first.js';

/** What opens only after something went wrong. */
type TroubleKey = Exclude<Extract<keyof Strings, `error.${string}`>, keyof typeof first>;

/** What is read in settings, or on the way out of trouble. */
type HelpKey = Extract<
  keyof Strings,
  | 'close'
  | 'diagnostics'
  | `microphone${string}`
  | 'speaker'
  | 'default'
  | 'device'
  | `suppression${string}`
  | `listen${string}`
  | 'test'
  | 'pushToTalk'
  | `key${string}`
  | 'record'
  | `mode${string}`
  | 'cues'
  | 'copy'
  | 'copied'
  | 'selected'
  | `way.${string}`
>;

/** The compiler names what a language lacks. */
export type TroubleWords = Pick<Strings, TroubleKey>;
export type HelpWords = Pick<Strings, HelpKey>;
export type RoomWords = Omit<Strings, TroubleKey | HelpKey>;

interface Language {
  readonly words: RoomWords;
  /** The rest, in chunks of their own. */
  readonly more: readonly (() => Promise<{ readonly words: Partial<Strings> }>)[];
}

/** Besides English; each begins with the words that lobby and room need. */
const languages: Readonly<Record<string, () => Promise<Language>>> = {
  ar: () => import('./ar.js'),
  de: () => import('./de.js'),
  es: () => import('./es.js'),
  fr: () => import('./fr.js'),
  ja: () => import('./ja.js'),
  ko: () => import('./ko.js'),
  pt: () => import('./pt.js'),
  zh: () => import('./zh.js'),
};

/** Of which script we have words, where a language has more than one. */
const scripts: Readonly<Record<string, string>> = { zh: 'Hans' };

/** The first of these BCP 47 tags that there are words for, as the name of its language; `en` where there is none. */
export function languageOf(tags: readonly string[]): string {
  for (const tag of tags) {
    try {
      const { language, script } = new Intl.Locale(tag).maximize();
      if (language === 'en' || (language in languages && (scripts[language] ?? script) === script)) return language;
    } catch {
      // No language tag at all.
    }
  }
  return 'en';
}

/** As many as lobby and room need, or all of them; none for English, which needs no chunk. */
export async function wordsOf(language: string, all: boolean): Promise<Partial<Strings>> {
  const begun = await languages[language]?.();
  const more = await Promise.all(all && begun ? begun.more.map((load) => load()) : []);
  return Object.assign({}, begun?.words, ...more.map(({ words }) => words)) as Partial<Strings>;
}

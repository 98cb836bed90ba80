import type { Strings } from './en.js';

/** Besides English; each a chunk of its own. */
const languages: Readonly<Record<string, () => Promise<{ readonly words: Strings }>>> = {};

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

/** Null for English, which needs no chunk. */
export async function wordsOf(language: string): Promise<Strings | null> {
  return (await languages[language]?.())?.words ?? null;
}

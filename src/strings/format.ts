/** Puts values into `{name}` places. */
export function format(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** Words with the number `{n}` in the form that the language wants: `one:{n} person|other:{n} people`. */
export function plural(text: string, n: number, locale: string): string {
  const forms = new Map(text.split('|').map((form) => form.split(/:(.*)/s) as [string, string | undefined]));
  const { rules, numbers } = counting(locale);
  const form = forms.get(rules.select(n)) ?? forms.get('other') ?? text;
  return format(form, { n: numbers.format(n) });
}

/** Names beside each other, without an `and`: more may follow. */
export function listed(names: readonly string[], locale: string): string {
  return names.join(/^(ja|zh)/.test(locale) ? '、' : locale.startsWith('ar') ? '، ' : ', ');
}

/** A share, 1 being 100 %, as the language writes it. */
export function percent(share: number, locale: string): string {
  return counting(locale).shares.format(share);
}

const countings = new Map<string, Counting>();

interface Counting {
  readonly rules: Intl.PluralRules;
  readonly numbers: Intl.NumberFormat;
  readonly shares: Intl.NumberFormat;
}

/** Kept, since making them takes longer (tens of ms for the first) than everything else that a render does. */
function counting(locale: string): Counting {
  const kept = countings.get(locale) ?? {
    rules: new Intl.PluralRules(locale),
    numbers: new Intl.NumberFormat(locale),
    shares: new Intl.NumberFormat(locale, { style: 'percent' }),
  };
  countings.set(locale, kept);
  return kept;
}

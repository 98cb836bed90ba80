/** Puts values into `{name}` places. */
export function format(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** Words with the number `{n}` in the form that the language wants: `one:{n} person|other:{n} people`. */
export function plural(text: string, n: number, locale: string): string {
  const forms = new Map(text.split('|').map((form) => form.split(/:(.*)/s) as [string, string | undefined]));
  const form = forms.get(new Intl.PluralRules(locale).select(n)) ?? forms.get('other') ?? text;
  return format(form, { n: new Intl.NumberFormat(locale).format(n) });
}

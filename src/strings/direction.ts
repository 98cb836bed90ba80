/** For the `dir` of what is written in these words: `rtl`, or nothing where the page decides. */
export function directionOf({ locale }: { readonly locale: string }): 'rtl' | undefined {
  return /^(ar|fa|he|ur)\b/.test(locale) ? 'rtl' : undefined;
}

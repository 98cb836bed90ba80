const longest = 120;

/** What to call somebody: the name, else the identity, else `fallback`; a name in which nothing can be seen is none. At most 120 characters. */
export function nameOf({ name, identity }: { readonly name: string; readonly identity: string }, fallback: string): string {
  const seen = [name, identity].find((text) => /[^\p{Z}\p{C}\p{M}\u115f\u1160\u2800\u3164\uffa0]/u.test(text)) ?? fallback;
  return [...seen.slice(0, longest * 2)].slice(0, longest).join('');
}

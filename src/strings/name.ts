const longest = 120;
/** Control characters, and marks that turn the direction of what follows: in a name they only deceive. */
const deceit = /[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu;
const visible = /[^\p{Z}\p{C}\p{M}\u115f\u1160\u2800\u3164\uffa0]/u;

/** What to call somebody: the name, else the identity, else `fallback`; a name in which nothing can be seen is none. At most 120 characters. */
export function nameOf({ name, identity }: { readonly name: string; readonly identity: string }, fallback: string): string {
  const seen =
    [name, identity]
      .map((text) =>
        text
          .slice(0, longest * 2)
          .replace(deceit, ' ')
          .trim(),
      )
      .find((text) => visible.test(text)) ?? fallback;
  return [...seen].slice(0, longest).join('');
}

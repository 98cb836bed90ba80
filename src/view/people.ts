import { hues } from './room.styles.js';

/** Scripts whose letters stand alone, so that two initials can stand beside each other. */
const alphabetic = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Number}]/u;

/** One or two letters for the avatar; a picture where the name begins with one. */
export function initialsOf(name: string): string {
  const first = (word: string | undefined): string => word?.match(/[\p{L}\p{N}]\p{M}{0,2}/u)?.[0].toUpperCase() ?? '';
  const words = name.split(/[\s_.-]+/u).filter((word) => first(word));
  const letter = first(words[0]);
  if (!letter) return name.match(/\p{Extended_Pictographic}/u)?.[0] ?? '?';
  return words.length > 1 && alphabetic.test(letter) ? letter + first(words.at(-1)) : letter;
}

/** Number of a hue, the same for one identity everywhere and always. FNV-1a. */
export function hueOf(identity: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < identity.length; index++) hash = Math.imul(hash ^ identity.charCodeAt(index), 0x01000193) >>> 0;
  return hash % hues;
}

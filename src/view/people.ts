import { nameOf } from '../strings/name.js';
import { hues } from './roster.styles.js';

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

/** Number of a hue, the same for one identity everywhere and always. */
export function hueOf(identity: string): number {
  return hashOf(identity) % hues;
}

/** FNV-1a */
function hashOf(identity: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < identity.length; index++) hash = Math.imul(hash ^ identity.charCodeAt(index), 0x01000193) >>> 0;
  return hash;
}

/** Letters of other scripts, and signs, that look like one of the Latin script. After Unicode's confusables (UTS 39), those that keyboards have. */
const doubles: ReadonlyMap<string, string> = new Map(
  'аa еe оo рp сc уy хx іi јj ѕs һh ԁd ԛq ԝw мm тt кk вb нh αa οo ρp νv ιi κk τt υu χx ηn 0o 1l |l ıi'
    .split(' ')
    .map((pair) => [pair.charAt(0), pair.charAt(1)]),
);
const skeletons = new Map<string, string>();

/** What a hurried eye makes of a name. */
function skeletonOf(name: string): string {
  const known = skeletons.get(name);
  if (known !== undefined) return known;
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\p{M}\p{Z}\p{C}\p{P}]+/gu, '');
  const skeleton = [...plain]
    .map((letter) => doubles.get(letter) ?? letter)
    .join('')
    .replaceAll(/[il]/g, 'l')
    .replaceAll('rn', 'm');
  if (skeletons.size > 1000) skeletons.clear();
  skeletons.set(name, skeleton);
  return skeleton;
}

/** For those whose names look alike, by identity: a mark that goes with the identity, so that it is the same for everybody and at every visit. */
export function marksOf(people: readonly { readonly name: string; readonly identity: string }[], fallback: string): ReadonlyMap<string, string> {
  const alike = new Map<string, string[]>();
  for (const person of people) {
    const skeleton = skeletonOf(nameOf(person, fallback));
    const others = alike.get(skeleton);
    if (others) others.push(person.identity);
    else alike.set(skeleton, [person.identity]);
  }
  return new Map(
    [...alike.values()].filter(({ length }) => length > 1).flatMap((identities) => identities.map((identity) => [identity, `#${codeOf(identity)}`] as const)),
  );
}

function codeOf(identity: string): string {
  return (hashOf(identity) % 46_656).toString(36).padStart(3, '0');
}

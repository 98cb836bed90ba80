/** The README's tables, which hold the words for every name of the contract. */
import { existsSync, readFileSync } from 'node:fs';

/** `join()`, `:state(joined)` and `static define()` by their bare names. */
const bare = (name) =>
  name
    .replace(/^:state\((.*)\)$/, '$1')
    .replace(/\(.*$/, '')
    .replace(/^static /, '');

/** Name -> cells after the first, of every table row under one heading; `null` where there is no such heading. */
export function rowsOf(heading) {
  const readme = existsSync('README.md') ? readFileSync('README.md', 'utf8') : '';
  const chapter = readme.split(/^## +/m).find((text) => text.split('\n', 1)[0].trim() === heading);
  if (chapter === undefined) return null;
  const rows = chapter.split('\n').filter((line) => line.startsWith('|'));
  return new Map(
    rows.flatMap((row) => {
      const [names = '', ...cells] = row.split('|').slice(1, -1);
      return [...names.matchAll(/`([^`]*)`/g)].map(([, name]) => [bare(name), cells.map((cell) => cell.trim())]);
    }),
  );
}

/** What the second column of the attributes says: the closed list of values, if it is one, and the default. */
export function valuesOf(cell) {
  const all = [...cell.matchAll(/`([^`]+)`/g)].map(([, value]) => value);
  const isList = /^`[\w-]+`(?: \(default\))?,/.test(cell);
  return { values: isList ? all : [], initial: (/`([^`]+)` \(default\)/.exec(cell) ?? /default (\d+)$/.exec(cell))?.[1] };
}

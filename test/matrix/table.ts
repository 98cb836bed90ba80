import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { kinds, policies } from './cells.js';
import type { Outcome } from './outcome.js';

const path = join(import.meta.dirname, '../../README.md');
const marks: Readonly<Record<Outcome, string>> = { talks: '✓', listens: '◐', told: '–' };
const between = /(?<=<!-- matrix -->\n)[^]*(?=<!-- \/matrix -->)/;

/** In the order in which a cell of the table names them. */
export const browsers = ['Chromium', 'Firefox', 'WebKitGTK'] as const;
export type BrowserName = (typeof browsers)[number];

/** What the README says of each browser, by kind of page and policy. */
export type Table = Readonly<Record<BrowserName, Map<string, Outcome>>>;

/** Of one cell. */
export function keyOf({ kind, policy }: { readonly kind: string; readonly policy: string }): string {
  return `${kind}, ${policy}`;
}

/** What stands in the README; a cell that it lacks is in no map. */
export function readTable(): Table {
  const table: Table = { Chromium: new Map(), Firefox: new Map(), WebKitGTK: new Map() };
  const rows = (between.exec(readFileSync(path, 'utf8'))?.[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  const [head = [], , ...body] = rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  for (const [kind = '', ...cells] of body)
    for (const [column, cell] of cells.entries())
      for (const [index, browser] of browsers.entries()) {
        const outcome = (Object.keys(marks) as Outcome[]).find((one) => marks[one] === cell.split(' ')[index]);
        if (outcome) table[browser].set(keyOf({ kind, policy: head[column + 1] ?? '' }), outcome);
      }
  return table;
}

/** Markdown. */
export function render(table: Table): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const names = Object.keys(policies);
  return [
    row(['page', ...names]),
    row(['---', ...names.map(() => '---')]),
    ...Object.keys(kinds).map((kind) =>
      row([
        kind,
        ...names.map((policy) =>
          browsers
            .map((browser) => {
              const outcome = table[browser].get(keyOf({ kind, policy }));
              return outcome ? marks[outcome] : '?';
            })
            .join(' '),
        ),
      ]),
    ),
  ].join('\n');
}

export async function writeTable(table: Table): Promise<void> {
  const readme = readFileSync(path, 'utf8').replace(between, () => `\n${render(table)}\n\n`);
  writeFileSync(path, await format(readme, { ...(await resolveConfig(path)), filepath: path }));
}

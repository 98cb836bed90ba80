import { goals, yardstick } from './flows.js';
import type { Flow, Metric } from './flows.js';
import type { Join } from './measure.js';

/** All joins of one flow under one round-trip time. */
export interface Row {
  readonly flow: Flow;
  readonly rtt: number;
  readonly joins: readonly Join[];
}

const metrics: readonly Metric[] = ['packet', 'heard', 'ear', 'joined'];
const heads: Record<Metric, string> = { packet: 'first voice packet', heard: 'heard by the other', ear: 'hears the other', joined: 'joined on screen' };

export function median(values: readonly (number | null)[]): number {
  const known = values.filter((value) => value !== null).sort((one, other) => one - other);
  const middle = Math.floor(known.length / 2);
  const upper = known[middle] ?? Number.NaN;
  return known.length % 2 === 1 ? upper : (upper + (known[middle - 1] ?? Number.NaN)) / 2;
}

/** Ms from the press: median, its share of the yardstick's, in brackets what no client can avoid; and what it cost. */
export function table(rows: readonly Row[]): string {
  const lines = [
    `| flow | R | ${metrics.map((metric) => heads[metric]).join(' | ')} | requests before the press, in all | kB |`,
    `|---|---|${metrics.map(() => '---|').join('')}---|---|`,
  ];
  for (const { flow, rtt, joins } of rows) {
    const cells = metrics.map((metric) => {
      const time = medianOf(rows, flow.name, rtt, metric);
      const least = metric === 'joined' ? '' : ` [${flow.minimum.token + flow.minimum[metric] * rtt}]`;
      const missing = joins.filter((join) => join[metric] === null).length;
      return `${time.toFixed(0)} · ${ratio(rows, flow.name, rtt, metric).toFixed(2)}${least}${missing > 0 ? ` (${missing} never)` : ''}`;
    });
    const count = (of: (join: Join) => number) => median(joins.map(of)).toFixed(0);
    const kilobytes = (median(joins.map(({ bytes }) => bytes)) / 1000).toFixed(0);
    lines.push(`| ${flow.name} | ${rtt} | ${cells.join(' | ')} | ${count((join) => join.requestsBefore)}, ${count((join) => join.requests)} | ${kilobytes} |`);
  }
  return lines.join('\n');
}

/** What was promised beside what was measured, as far as this run can tell. */
export function promises(rows: readonly Row[]): string {
  const lines = goals
    .map((goal) => ({ ...goal, measured: ratio(rows, goal.flow, goal.rtt, goal.metric) }))
    .filter(({ measured }) => !Number.isNaN(measured))
    .map(({ flow, rtt, metric, measured, ...goal }) => {
      const verdict = measured <= goal.ratio ? 'reached' : 'MISSED';
      return `| ${flow} | ${rtt} | ${heads[metric]} | ${goal.ratio.toFixed(2)} | ${measured.toFixed(2)} | ${verdict} |`;
    });
  return ['| flow | R | press to | at most, of the memo | measured | |', '|---|---|---|---|---|---|', ...lines].join('\n');
}

/** Where the time of a flow goes: medians of what happened in most of its joins, in order. */
export function steps({ flow, rtt, joins }: Row): string {
  const times = new Map<string, number[]>();
  for (const join of joins) {
    const seen = new Map<string, number>();
    for (const { name, at } of [...join.steps].sort((one, other) => one.at - other.at)) {
      const plain = name.replace(/ for \d+ ms$/, '');
      const count = (seen.get(plain) ?? 0) + 1;
      seen.set(plain, count);
      if (plain.startsWith('main thread')) continue;
      const key = count > 1 ? `${plain} (${count})` : plain;
      times.set(key, [...(times.get(key) ?? []), at]);
    }
    for (const metric of metrics) if (join[metric] !== null) times.set(`→ ${heads[metric]}`, [...(times.get(`→ ${heads[metric]}`) ?? []), join[metric]]);
  }
  const usual = [...times].filter(([, values]) => values.length > joins.length / 2).map(([name, values]) => ({ name, at: median(values) }));
  return [`${flow.name}, R = ${rtt}`, ...usual.sort((one, other) => one.at - other.at).map(({ name, at }) => `${at.toFixed(0).padStart(7)}  ${name}`)].join(
    '\n',
  );
}

function ratio(rows: readonly Row[], flow: string, rtt: number, metric: Metric): number {
  return medianOf(rows, flow, rtt, metric) / medianOf(rows, yardstick, rtt, metric);
}

function medianOf(rows: readonly Row[], name: string, rtt: number, metric: Metric): number {
  return median(rows.find((row) => row.flow.name === name && row.rtt === rtt)?.joins.map((join) => join[metric]) ?? []);
}

/** How the demo writes on a terminal: one voice, colour only where it is wanted, a line of progress that leaves nothing behind. */
import type { Say } from './find-server.js';

export interface Screen {
  readonly say: Say;
  line(text: string): void;
  title(text: string): void;
  section(text: string): void;
  step(text: string): void;
  quiet(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  address(label: string, url: string): void;
  end(): void;
}

/** Milliseconds between two lines of progress where they cannot be overwritten (a log file, CI). */
const SPARSE = 15_000;

export function createScreen(out: NodeJS.WriteStream): Screen {
  const terminal = out.isTTY === true;
  const colours = terminal && !process.env['NO_COLOR'] && out.hasColors();
  const paint = (code: string, text: string): string => (colours ? `\x1b[${code}m${text}\x1b[0m` : text);
  let open = false;
  let told = 0;

  const clear = (): void => {
    if (open) out.write('\r\x1b[K');
    open = false;
  };
  const line = (text: string): void => {
    clear();
    out.write(`${text}\n`);
  };
  const step = (text: string): void => {
    const [, name = '', rest = text] = /^([A-Z]\w*)\s{2,}(.*)$/.exec(text) ?? [];
    line(name ? `  ${paint('2', name.padEnd(9))} ${rest}` : `  ${text}`);
  };
  const say = Object.assign((text: string) => step(text), {
    progress: (text: string): void => {
      if (terminal) {
        const room = Math.max(20, out.columns - 1);
        out.write(`\r\x1b[K${paint('2', `  ${text}`.slice(0, room))}`);
        open = true;
      } else if (Date.now() - told >= SPARSE) {
        told = Date.now();
        out.write(`  ${text}\n`);
      }
    },
  });
  return {
    say,
    line,
    step,
    title: (text) => line(`  ${paint('1', text)}`),
    section: (text) => line(`\n  ${paint('1', text)}`),
    quiet: (text) => line(paint('2', text)),
    warn: (text) => line(`  ${paint('33', text)}`),
    error: (text) => line(`\n${text.replace(/^(?=.)/gm, '  ').replace(/^ {2}[^\n]*/, (first) => paint('31', first))}\n`),
    address: (label, url) => line(`  ${paint('1;32', label)}     ${paint('1;4', url)}`),
    end: clear,
  };
}

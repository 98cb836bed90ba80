import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The package as a site has it: packed by npm, and unpacked into the `node_modules` of a new folder. */
export interface Tarball {
  /** Folder of the site. */
  readonly site: string;
  /** The package's own `dist`. */
  readonly dist: string;
  remove(): void;
}

/** Packs what is built. */
export function unpackTarball(): Tarball {
  const site = mkdtempSync(join(tmpdir(), 'vc-room-tarball-'));
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const packed = execFileSync(npm, ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', site], {
    cwd: root,
    encoding: 'utf8',
    shell: npm.endsWith('.cmd'),
  });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  execFileSync('tar', ['-xzf', filename], { cwd: site });
  mkdirSync(join(site, 'node_modules'));
  renameSync(join(site, 'package'), join(site, 'node_modules/vc-room'));
  return { site, dist: join(site, 'node_modules/vc-room/dist'), remove: () => rmSync(site, { recursive: true, force: true }) };
}

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, '../..');

for (const path of ['package-lock.json', 'test/examples/package-lock.json', 'test/bench/join/package-lock.json', 'test/bench/sound/package-lock.json'])
  describe(path, () => {
    const { packages } = JSON.parse(readFileSync(join(root, path), 'utf8')) as { packages: Record<string, Locked> };
    const installed = Object.entries(packages).filter(([place]) => place !== '');

    it('holds every package to a version and its hash', () => {
      const loose = installed.filter(([, { version, integrity }]) => !version || !/^sha512-[\w+/]{86}==$/.test(integrity ?? '')).map(([place]) => place);
      assert.deepEqual(loose, []);
    });

    /** npm leaves those of other platforms out where it once ran without a network: https://github.com/npm/cli/issues/4828 */
    it('knows the binaries of every platform', () => {
      const missing = installed.flatMap(([place, { optionalDependencies = {} }]) => Object.keys(optionalDependencies).filter((name) => !isKnown(place, name)));
      assert.deepEqual(missing, []);
    });

    /** From where it lies upwards, as Node looks. */
    function isKnown(place: string, name: string): boolean {
      const folders = place.split('/node_modules/');
      return (
        folders.some((_, index) => `${folders.slice(0, folders.length - index).join('/node_modules/')}/node_modules/${name}` in packages) ||
        `node_modules/${name}` in packages
      );
    }
  });

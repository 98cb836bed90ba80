/** Builds and packs what is committed twice, in two folders of different depth, and fails where a byte differs. Takes minutes, and a network for `npm ci`. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'vc-room-reproducible-'));
try {
  const [first, second] = ['one', 'somewhere/else/two'].map((name) => build(join(folder, name)));
  const differing = [...new Set([...first.keys(), ...second.keys()])].filter((path) => first.get(path) !== second.get(path));
  for (const path of differing) console.error(`${path} differs.`);
  console.log(`${first.size} files, ${differing.length} differ.`);
  if (differing.length > 0 || first.size === 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** SHA-256 by path of everything that is built, and of the tarball. */
function build(clone) {
  mkdirSync(dirname(clone), { recursive: true });
  execFileSync('git', ['clone', '--quiet', process.cwd(), clone], { stdio: 'inherit' });
  const npm = (...args) =>
    execFileSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
      cwd: clone,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    });
  npm('ci', '--silent', '--prefer-offline');
  // Its `prepack` builds.
  npm('pack', '--silent', '--pack-destination', clone);
  const tarballs = readdirSync(clone).filter((name) => name.endsWith('.tgz'));
  const built = readdirSync(join(clone, 'dist'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = [...tarballs, ...built.map(({ parentPath, name }) => relative(clone, join(parentPath, name)))];
  return new Map(
    paths.map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(join(clone, path)))
        .digest('hex'),
    ]),
  );
}

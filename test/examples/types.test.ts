import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { unpackTarball } from '../support/tarball.js';
import type { Tarball } from '../support/tarball.js';

const here = import.meta.dirname;
const installed = (name: string): string => join(here, 'node_modules', name);
const react = (types: string) => ({
  jsx: 'react-jsx',
  paths: { react: [installed(`@types/${types}`)], 'react/jsx-runtime': [installed(`@types/${types}/jsx-runtime`)] },
});

/** File -> compiler options of a project that uses this framework. */
const projects: Record<string, { readonly paths?: Record<string, string[]> } & Record<string, unknown>> = {
  'dom.ts': {},
  'react.tsx': react('react'),
  'react-18.tsx': react('react-18'),
  'preact.tsx': { jsx: 'react-jsx', jsxImportSource: 'preact' },
  'solid.tsx': { jsx: 'preserve', jsxImportSource: 'solid-js' },
  'vue.ts': {},
  'svelte.ts': {},
};

describe('the types of the packed package', () => {
  let tarball: Tarball;
  before(() => {
    tarball = unpackTarball();
    // What npm would have installed beside it.
    for (const place of [join(here, '../../node_modules/lit'), ...['preact', 'solid-js', 'svelte', 'vue'].map(installed)])
      symlinkSync(place, join(tarball.site, 'node_modules', basename(place)), 'junction');
    cpSync(join(here, 'types'), join(tarball.site, 'types'), { recursive: true });
  });
  after(() => tarball.remove());

  for (const [file, { paths = {}, ...options }] of Object.entries(projects))
    it(`fit ${file}`, async () => {
      const config = join(tarball.site, `tsconfig-${file}.json`);
      const compilerOptions = {
        ...{ strict: true, noEmit: true, target: 'ES2022', module: 'ESNext', moduleResolution: 'bundler', lib: ['ES2023', 'DOM', 'DOM.Iterable'], types: [] },
        ...options,
        paths,
      };
      writeFileSync(config, JSON.stringify({ compilerOptions, files: [`types/${file}`] }));
      const tsc = join(here, '../../node_modules/typescript/bin/tsc');
      const said = await promisify(execFile)(process.execPath, [tsc, '-p', config]).catch((thrown: unknown) => thrown as { stdout: string });
      assert.equal(said.stdout, '');
    });
});

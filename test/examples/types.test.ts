import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

const here = import.meta.dirname;
const modules = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, [`./node_modules/${name}`]]));
const react = (types: string) => ({
  jsx: 'react-jsx',
  paths: { react: [`./node_modules/@types/${types}`], 'react/jsx-runtime': [`./node_modules/@types/${types}/jsx-runtime`] },
});

/** File -> compiler options of a project that uses this framework. */
const projects: Record<string, { readonly paths?: Record<string, string[]> } & Record<string, unknown>> = {
  'dom.ts': {},
  'react.tsx': react('react'),
  'react-18.tsx': react('react-18'),
  'preact.tsx': { jsx: 'react-jsx', jsxImportSource: 'preact', paths: modules(['preact']) },
  'solid.tsx': { jsx: 'preserve', jsxImportSource: 'solid-js', paths: modules(['solid-js']) },
  'vue.ts': { paths: modules(['vue']) },
  'svelte.ts': { paths: modules(['svelte/elements']) },
};

describe('the types of the package', () => {
  for (const [file, { paths = {}, ...options }] of Object.entries(projects))
    it(`fit ${file}`, async () => {
      const config = join(here, `.tsconfig-${file}.json`);
      const compilerOptions = {
        ...{ strict: true, noEmit: true, target: 'ES2022', module: 'ESNext', moduleResolution: 'bundler', lib: ['ES2023', 'DOM', 'DOM.Iterable'], types: [] },
        ...options,
        paths: {
          ...paths,
          'vc-room': ['../../dist/types/src/index.d.ts'],
          'vc-room/define': ['../../dist/types/src/define.d.ts'],
          'vc-room/*': ['../../src/frameworks/*.d.ts'],
        },
      };
      writeFileSync(config, JSON.stringify({ compilerOptions, files: [`types/${file}`] }));
      try {
        const tsc = join(here, '../../node_modules/typescript/bin/tsc');
        const said = await promisify(execFile)(process.execPath, [tsc, '-p', config]).catch((thrown: unknown) => thrown as { stdout: string });
        assert.equal(said.stdout, '');
      } finally {
        rmSync(config);
      }
    });
});

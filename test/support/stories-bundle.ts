import { join } from 'node:path';
import { build } from 'esbuild';

/** A classic script that defines `<face-element>` and `<vc-room>` (a `StoryRoom`) and has fixtures and stories under the global name `stories`. */
export async function bundleStories(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { FaceElement } from './test/support/face.js'; export * from './stories/fixtures.js'; export * from './test/support/all-stories.js'`,
      resolveDir: join(import.meta.dirname, '../..'),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'stories',
    // Nothing is fetched: all is in here.
    define: { 'import.meta.url': 'document.baseURI' },
    target: 'es2022',
    tsconfig: join(import.meta.dirname, '../../tsconfig.base.json'),
  });
  return outputFiles[0]?.text ?? '';
}

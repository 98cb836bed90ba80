/** The pictures of the README: `tsx test/support/pictures.ts` writes them anew. */
import { join } from 'node:path';
import { launch } from './launch.js';
import { bundleStories } from './stories-bundle.js';

const folder = join(import.meta.dirname, '../pictures');

const pictures = {
  lobby: { state: 'lobby', scheme: 'light', width: 360 },
  room: { state: 'three people, one speaking', scheme: 'light', width: 360 },
  settings: { state: 'settings', scheme: 'dark', width: 360 },
  brand: {
    state: 'muted',
    scheme: 'light',
    width: 360,
    css: '--vc-surface:#140a2e;--vc-accent:#ff2e97;--vc-danger:#ff5c5c;--vc-speaking:#2ef2c3;--vc-radius:18px',
  },
  compact: { state: 'fifty people', scheme: 'light', width: 480, layout: 'compact' },
  floating: { state: 'three people, one speaking', scheme: 'dark', width: 360, layout: 'floating' },
} as const;

const script = await bundleStories();

const browser = await launch();
try {
  for (const [name, picture] of Object.entries(pictures)) {
    const { width, scheme, state } = picture;
    const layout = 'layout' in picture ? picture.layout : 'inline';
    const page = await browser.newPage({
      viewport: { width: width + 32, height: layout === 'floating' ? 96 : 760 },
      colorScheme: scheme,
      deviceScaleFactor: 1.5,
    });
    await page.setContent(
      `<!doctype html><html lang="en"><style>:root { color-scheme: ${scheme}; background: light-dark(#fff, #17181c) } body { margin: 16px; font: 16px system-ui, sans-serif } face-element { ${'css' in picture ? picture.css : ''} }</style>`,
    );
    await page.addScriptTag({ content: script });
    const box = await page.evaluate(
      async ([state, layout]) => {
        const { fixtures } = (globalThis as unknown as { stories: { fixtures: Record<string, unknown> } }).stories;
        const face = Object.assign(document.createElement('face-element'), { fixture: fixtures[state], layout });
        document.body.append(face);
        await (face as unknown as { whole: Promise<unknown> }).whole;
        await new Promise((resolve) => setTimeout(resolve, 1300));
        return face.getBoundingClientRect().height;
      },
      [state, layout] as const,
    );
    await page.screenshot({ path: join(folder, `${name}.png`), clip: { x: 0, y: 0, width: width + 32, height: box ? box + 32 : 96 } });
    await page.close();
  }
} finally {
  await browser.close();
}

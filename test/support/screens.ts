/** Pictures of every fixture, to be looked at: `tsx test/support/screens.ts [parts of names, with | between] [view…]` writes sheets into test/.shots. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from './launch.js';
import { bundleStories } from './stories-bundle.js';

const folder = join(import.meta.dirname, '../.shots');
const wanted = process.argv[2] ?? '';
const only = process.argv.slice(3);

const views = {
  light: { width: 360, scheme: 'light' },
  dark: { width: 360, scheme: 'dark' },
  narrow: { width: 200, scheme: 'light' },
  wide: { width: 900, scheme: 'light' },
  rtl: { width: 360, scheme: 'dark', dir: 'rtl' },
  forced: { width: 360, scheme: 'dark', forcedColors: 'active' },
  contrast: { width: 360, scheme: 'light', contrast: 'more' },
  large: { width: 320, scheme: 'light', size: '32px' },
  brand: { width: 360, scheme: 'light', css: '--vc-accent:#ffcc00;--vc-surface:#1b0b3b;--vc-radius:4px;--vc-font:Georgia,serif' },
  compact: { width: 480, scheme: 'light', layout: 'compact' },
  'compact-narrow': { width: 240, scheme: 'dark', layout: 'compact' },
  arabic: { width: 360, scheme: 'light', dir: 'rtl', lang: 'ar' },
  japanese: { width: 360, scheme: 'light', lang: 'ja' },
  german: { width: 320, scheme: 'light', lang: 'de', size: '32px' },
  soft: { width: 360, scheme: 'light', css: '--vc-accent:#e2004f;--vc-surface:#ffeef2;--vc-radius:24px' },
} as const;

const script = await bundleStories();

mkdirSync(folder, { recursive: true });
const browser = await launch();
try {
  for (const [name, view] of Object.entries(views).filter(([name]) => !only.length || only.includes(name))) {
    const { width, scheme } = view;
    const columns = Math.max(1, Math.floor(1500 / (width + 24)));
    const context = await browser.newContext({
      viewport: { width: columns * (width + 24) + 24, height: 1000 },
      colorScheme: scheme,
      forcedColors: 'forcedColors' in view ? view.forcedColors : 'none',
      contrast: 'contrast' in view ? view.contrast : 'no-preference',
    });
    const page = await context.newPage();
    await page.setContent(`<!doctype html><html lang="${'lang' in view ? view.lang : 'en'}" dir="${'dir' in view ? view.dir : 'ltr'}"><style>
      :root { color-scheme: ${scheme} } body { margin: 24px; font: ${'size' in view ? view.size : '16px'} system-ui, sans-serif; display: grid; grid-template-columns: repeat(${columns}, ${width}px); gap: 24px; align-items: start }
      figure { margin: 0 } figcaption { font-size: 11px; opacity: .6 } face-element { ${'css' in view ? view.css : ''} }</style>`);
    await page.addScriptTag({ content: script });
    await page.evaluate(
      async ([part, layout]) => {
        const { fixtures } = (globalThis as unknown as { stories: { fixtures: Record<string, unknown> } }).stories;
        for (const [title, fixture] of Object.entries(fixtures).filter(([title]) => part.split('|').some((some) => title.includes(some)))) {
          const figure = document.body.appendChild(document.createElement('figure'));
          figure.appendChild(document.createElement('figcaption')).textContent = title;
          figure.append(Object.assign(document.createElement('face-element'), { fixture, layout }));
        }
        await new Promise((resolve) => setTimeout(resolve, 1300));
      },
      [wanted, 'layout' in view ? view.layout : 'inline'] as const,
    );
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    await context.close();
  }
} finally {
  await browser.close();
}

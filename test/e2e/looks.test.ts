/**
 * What the stories look like, against pictures in test/pictures/looks-*.png of which each pixel is the mean of 8 by 8: one sheet a theme, a row for each width and
 * direction, a column for each story. `UPDATE=1 npx tsx test/run.ts e2e looks` makes them anew; look at what changed before you commit them.
 * The font is always the same one, and comes with Storybook; how it is drawn differs between machines, which is what the tolerance is for.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch } from '../support/launch.js';
import { differences, square } from '../support/coarse.js';
import type { Coarse } from '../support/coarse.js';
import { bundleStories } from '../support/stories-bundle.js';

const shown = [
  'states/Lobby',
  'states/JoiningConnecting',
  'states/EndpointDown',
  'states/Alone',
  'states/ThreePeopleOneSpeaking',
  'states/MicrophoneBlockedByTheSystem',
  'states/Deafened',
  'states/PushToTalkHeld',
  'states/MenuOfAPerson',
  'states/Settings',
  'layouts/Compact',
  'layouts/CompactInTrouble',
  'layouts/Panel',
  'layouts/Pill',
] as const;

/** Every theme with every width and every direction, and every width with both directions. */
const looks = {
  light: [
    { width: 200, direction: 'ltr' },
    { width: 360, direction: 'rtl' },
    { width: 800, direction: 'ltr' },
  ],
  dark: [
    { width: 200, direction: 'rtl' },
    { width: 360, direction: 'ltr' },
    { width: 800, direction: 'rtl' },
  ],
} as const;

type Scheme = keyof typeof looks;
type Look = (typeof looks)[Scheme][number];

/** A square's mean may differ by so much, of 255: letters that lie half a pixel further, or are drawn bolder, stay below. A button that moved, or an icon that is missing, does not. */
const tolerance = 28;

const height = 480;
const widest = Math.max(...Object.values(looks).flatMap((row) => row.map(({ width }) => width)));
const folder = join(import.meta.dirname, '../pictures');
const drafts = join(import.meta.dirname, '../.shots');
const fonts = join(dirname(createRequire(import.meta.url).resolve('storybook/package.json')), 'assets/browser');
const face = (file: string, weight: string): string =>
  `@font-face { font-family: Ours; font-weight: ${weight}; src: url(data:font/woff2;base64,${readFileSync(join(fonts, file), 'base64')}) }`;
const style = `${face('nunito-sans-regular.woff2', '100 500')} ${face('nunito-sans-bold.woff2', '600 900')}
  :root { background: light-dark(#fff, #17181c); color: light-dark(#1b1c20, #eee) } body { margin: 0; font: 16px Ours } section { box-sizing: border-box; block-size: ${height}px; padding: 16px; overflow: clip }`;

describe('the look of', () => {
  let browser: Browser;
  let script: string;
  /** Where pictures are made coarse and sheets are read and written. */
  let table: Page;

  before(async () => {
    script = await bundleStories();
    browser = await launch();
    table = await browser.newPage();
  });
  after(() => browser.close());

  for (const scheme of ['light', 'dark'] as const)
    it(`${shown.length} stories, ${scheme}: what it was`, async (t) => {
      const now: Coarse[][] = [];
      for (const look of looks[scheme]) now.push(await taken(scheme, look));
      const file = join(folder, `looks-${scheme}.png`);
      if (process.env['UPDATE']) writeFileSync(file, await sheetOf(now));
      assert.ok(existsSync(file), `${file} is missing: UPDATE=1 makes it`);
      const was = await piecesOf(readFileSync(file), now);
      let worst = 0;
      const wrong = now.flatMap((row, at) =>
        row.flatMap((picture, column) => {
          const before = was[at]?.[column] as Coarse;
          worst = Math.max(worst, ...differences(before, picture, 0).map(({ by }) => by));
          const [first, ...more] = differences(before, picture, tolerance);
          const { width, direction } = looks[scheme][at] as Look;
          return first
            ? `${shown[column]} in ${width} px, ${direction}: at ${first.column * square}, ${first.row * square} px it was rgb(${first.was.join(' ')}) and is rgb(${first.is.join(' ')}); so are ${more.length} squares more`
            : [];
        }),
      );
      t.diagnostic(`the largest difference of a square is ${worst} of 255, ${tolerance} are allowed`);
      if (wrong.length) {
        mkdirSync(drafts, { recursive: true });
        writeFileSync(join(drafts, `looks-${scheme}.png`), await sheetOf(now));
      }
      assert.deepEqual(wrong, [], `what it looks like now is in test/.shots/looks-${scheme}.png`);
    });

  describe('a picture that differs:', () => {
    const look = { width: 360, direction: 'ltr' } as const;
    const of = async (css = '', scale = 1): Promise<Coarse> => (await taken('light', look, ['states/ThreePeopleOneSpeaking'], css, scale))[0] as Coarse;
    let plain: Coarse;
    before(async () => {
      plain = await of();
    });

    it('the same in another resolution is accepted', async (t) => {
      const finer = await of('', 2);
      t.diagnostic(`the largest difference of a square is ${Math.max(0, ...differences(plain, finer, 0).map(({ by }) => by))}`);
      assert.deepEqual(differences(plain, finer, tolerance), []);
    });

    for (const [what, css] of Object.entries({
      'moved by 4 px': '&::part(controls) { translate: 4px 4px }',
      'in another colour': '--vc-speaking: #c026d3;',
      'on another ground': '--vc-surface: #d0d2d6;',
      'without its icons': '&::part(icon) { visibility: hidden }',
      'without a button': '&::part(deafen-button) { visibility: hidden }',
      'in larger letters': 'font-size: 18px;',
    }))
      it(`${what} is refused`, async (t) => {
        const found = differences(plain, await of(css), tolerance);
        t.diagnostic(`${found.length} squares, by up to ${Math.max(0, ...found.map(({ by }) => by))}`);
        assert.notDeepEqual(found, []);
      });

    it('of another size is refused', () => {
      assert.notDeepEqual(differences(plain, { ...plain, height: plain.height - 1 }, tolerance), []);
    });
  });

  /** The stories in this look, made coarse: those that lie over the page each on one of their own, all others below each other. */
  async function taken(scheme: Scheme, { width, direction }: Look, ids: readonly string[] = shown, css = '', scale = 1): Promise<Coarse[]> {
    const over = ids.filter((id) => /Panel|Pill/.test(id));
    const below = ids.filter((id) => !over.includes(id));
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme, reducedMotion: 'reduce', deviceScaleFactor: scale });
    await page.setContent(`<!doctype html><html lang="en" dir="${direction}"><style>:root { color-scheme: ${scheme} } ${style}</style><body></body>`);
    await page.addScriptTag({ content: script });
    await page.evaluate(() => Promise.all([...document.fonts].map((font) => font.load())));
    const pictures = new Map<string, Coarse>();
    for (const some of [below, ...over.map((id) => [id])].filter((some) => some.length)) {
      await page.evaluate(
        async ([ids, css]) => {
          const { stories, clear } = (globalThis as unknown as { stories: typeof import('../support/all-stories.js') }).stories;
          for (const stage of document.querySelectorAll<HTMLElement>('section')) {
            clear(stage);
            stage.remove();
          }
          for (const id of ids) {
            const stage = document.body.appendChild(document.createElement('section'));
            const rooms = await stories.find((story) => story.id === id)?.show(stage, { width: '100%', css });
            // Rings and meters that follow a voice are never twice the same.
            for (const room of rooms ?? []) room.fixture = { ...room.fixture, levels: {} };
            for (const room of rooms ?? []) await room.whole;
          }
        },
        [some, css] as const,
      );
      const all = await coarseOf(await page.screenshot({ fullPage: true }), square * scale);
      const rows = height / square;
      some.forEach((id, at) =>
        pictures.set(id, { width: all.width, height: rows, data: all.data.subarray(3 * at * rows * all.width, 3 * (at + 1) * rows * all.width) }),
      );
    }
    await page.close();
    return ids.map((id) => pictures.get(id) as Coarse);
  }

  async function coarseOf(png: Buffer, size: number): Promise<Coarse> {
    const { bytes, ...measures } = await table.evaluate(
      async ([url, size]) => {
        const image = await createImageBitmap(await (await fetch(url)).blob());
        const context = new OffscreenCanvas(image.width, image.height).getContext('2d') as OffscreenCanvasRenderingContext2D;
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, image.width, image.height);
        const [width, height] = [Math.floor(image.width / size), Math.floor(image.height / size)];
        const sums = new Float64Array(width * height * 3);
        for (let y = 0; y < height * size; y++)
          for (let x = 0; x < width * size; x++)
            for (let channel = 0; channel < 3; channel++)
              sums[3 * (Math.floor(y / size) * width + Math.floor(x / size)) + channel]! += data[4 * (y * image.width + x) + channel]!;
        // As text, since so many numbers take Playwright seconds.
        return { width, height, bytes: Array.from(sums, (sum) => String.fromCharCode(Math.round(sum / size ** 2))).join('') };
      },
      [`data:image/png;base64,${png.toString('base64')}`, size] as const,
    );
    return { ...measures, data: Buffer.from(bytes, 'latin1') };
  }

  /** All of a theme as one PNG. */
  async function sheetOf(rows: readonly (readonly Coarse[])[]): Promise<Buffer> {
    const url = await table.evaluate(
      ([rows, width]) => {
        const height = Math.max(...rows.flat().map((picture) => picture.height));
        const canvas = Object.assign(document.createElement('canvas'), {
          width: width * Math.max(...rows.map((row) => row.length)),
          height: height * rows.length,
        });
        const context = canvas.getContext('2d') as CanvasRenderingContext2D;
        rows.forEach((row, at) =>
          row.forEach((picture, column) => {
            const pixels = new ImageData(picture.width, picture.height);
            pixels.data.forEach((_, index) => (pixels.data[index] = index % 4 === 3 ? 255 : picture.bytes.charCodeAt((index >> 2) * 3 + (index % 4))));
            context.putImageData(pixels, column * width, at * height);
          }),
        );
        return canvas.toDataURL();
      },
      [rows.map((row) => row.map(({ data, ...measures }) => ({ ...measures, bytes: Buffer.from(data).toString('latin1') }))), widest / square] as const,
    );
    return Buffer.from(url.split(',')[1] ?? '', 'base64');
  }

  /** What stands on the sheet where these pictures would stand. */
  async function piecesOf(sheet: Buffer, like: readonly (readonly Coarse[])[]): Promise<Coarse[][]> {
    const { width, data } = await coarseOf(sheet, 1);
    return like.map((row, at) =>
      row.map((picture, column) => ({
        width: picture.width,
        height: picture.height,
        data: Buffer.concat(
          Array.from({ length: picture.height }, (_, y) => {
            const start = 3 * ((at * picture.height + y) * width + (column * widest) / square);
            return data.subarray(start, start + 3 * picture.width);
          }),
        ),
      })),
    );
  }
});

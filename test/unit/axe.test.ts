import { expect } from '@open-wc/testing';
import 'axe-core/axe.min.js';
import type * as Axe from 'axe-core';
import { fixtures } from '../../stories/fixtures.js';
import type { Fixture } from '../../stories/fixtures.js';
import { clear, part, show } from '../support/face.js';

const { axe } = globalThis as unknown as { axe: typeof Axe };
const root = document.documentElement;

afterEach(() => {
  clear();
  root.style.colorScheme = '';
  document.body.style.cssText = '';
});

describe('every state of the face', () => {
  for (const scheme of ['light', 'dark'] as const)
    for (const [name, fixture] of Object.entries<Fixture>(fixtures)) {
      it(`has no axe violation: ${name}, ${scheme}`, async () => {
        root.style.colorScheme = scheme;
        const face = await show(fixture, 'inline-size: 360px');
        const { violations, incomplete } = await axe.run(face, { rules: { region: { enabled: false } } });
        expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`))).to.deep.equal([]);
        expect(incomplete.filter(({ id }) => id !== 'color-contrast').map(({ id }) => id)).to.deep.equal([]);
      });
    }
});

describe('colours', () => {
  // A fixed row of pseudo-random numbers: twenty brands that differ, the same ones every time.
  let seed = 7;
  const random = (limit: number): number => (seed = (seed * 48_271) % 2_147_483_647) % limit;
  const brands = Array.from({ length: 20 }, () => `rgb(${random(256)}, ${random(256)}, ${random(256)})`);

  for (const scheme of ['light', 'dark'] as const) {
    it(`can be read on any brand's accent, ${scheme}`, async () => {
      root.style.colorScheme = scheme;
      for (const brand of brands) {
        const button = part(await show(fixtures.lobby, `--vc-accent: ${brand}`), 'join-button');
        expect(contrast(button, 'color', 'background-color'), brand).to.be.at.least(4.5);
        clear();
      }
    });

    it(`can be read in every role, ${scheme}`, async () => {
      root.style.colorScheme = scheme;
      const face = await show(fixtures['no microphone']);
      const inner = face.shadowRoot!.querySelector<HTMLElement>('.face')!;
      const surface = getComputedStyle(inner).backgroundColor;
      for (const name of ['count', 'state', 'leave-button', 'notice', 'retry-button'])
        expect(contrast(part(face, name), 'color', 'background-color', surface), name).to.be.at.least(4.5);
      expect(contrast(part(face, 'mute-button'), 'color', 'background-color', surface), 'mute-button').to.be.at.least(3);
      const speaking = await show(fixtures['three people, one speaking']);
      expect(contrast(speaking.shadowRoot!.querySelector('.state.speaking')!, 'color', 'background-color', surface), 'ring').to.be.at.least(3);
    });
  }

  for (const scheme of ['light', 'dark'] as const)
    it(`can be read whatever brands say, ${scheme}`, async () => {
      root.style.colorScheme = scheme;
      const surfaces = ['', ...brands].map((brand) => (brand ? `--vc-surface: ${brand};` : ''));
      const words = ['title', 'count', 'state', 'leave-button', 'notice', 'retry-button', 'name'];
      for (const [index, surface] of surfaces.entries()) {
        const own = `${surface} --vc-danger: ${brands[(index + 7) % 20] ?? ''}; --vc-speaking: ${brands[(index + 13) % 20] ?? ''}; --vc-accent: ${brands[(index + 3) % 20] ?? ''}`;
        const face = await show(fixtures['no microphone'], own);
        const ground = getComputedStyle(face.shadowRoot!.querySelector('.face')!).backgroundColor;
        const on = (name: string): string => `${name} with ${own}`;
        for (const name of words) expect(contrast(part(face, name), 'color', 'background-color', ground), on(name)).to.be.at.least(4.5);
        expect(contrast(part(face, 'mute-button'), 'color', 'background-color', ground), on('mute-button')).to.be.at.least(3);
        const speaking = await show(fixtures['three people, one speaking'], own);
        expect(contrast(speaking.shadowRoot!.querySelector('.state.speaking')!, 'color', 'background-color', ground), on('speaking')).to.be.at.least(3);
        const failed = await show(fixtures.removed, own);
        expect(contrast(part(failed, 'notice'), 'color', 'background-color', ground), on('lobby notice')).to.be.at.least(4.5);
        expect(contrast(part(failed, 'join-button'), 'color', 'background-color'), on('join-button')).to.be.at.least(4.5);
        clear();
      }
    });
});

type Pixel = readonly [number, number, number];

function contrast(element: Element, front: string, back: string, under = 'white'): number {
  const style = getComputedStyle(element);
  const [a, b] = [luminance(pixel(under, style.getPropertyValue(back), style.getPropertyValue(front))), luminance(pixel(under, style.getPropertyValue(back)))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** One for all, and kept where it is read: some browsers take tens of ms for the first reading of each. */
const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;

/** What is seen when these colours lie over each other. */
function pixel(...colours: readonly string[]): Pixel {
  context.clearRect(0, 0, 1, 1);
  for (const colour of colours) {
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
  }
  const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
  return [r, g, b];
}

/** WCAG 2.2, relative luminance. */
function luminance(seen: Pixel): number {
  const [r, g, b] = seen.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)) as unknown as Pixel;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

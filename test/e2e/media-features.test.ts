import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Fixture, FixtureName } from '../../stories/fixtures.js';
import type { FaceElement } from '../support/face.js';
import { launch } from '../support/launch.js';
import { bundleStories } from '../support/stories-bundle.js';

/** What a person may have asked the browser or the system for, beside what Playwright emulates by itself. */
type Wishes = BrowserContextOptions & { readonly reducedTransparency?: boolean };

type Look = Readonly<Record<string, string>>;

describe('what people ask the system for', () => {
  let browser: Browser;
  let script: string;
  let page: Page;
  /** By their wishes. */
  const pages = new Map<string, Page>();
  before(async () => {
    script = await bundleStories();
    browser = await launch();
  });
  after(() => browser.close());

  async function open({ reducedTransparency, ...wishes }: Wishes): Promise<Page> {
    const opened = await (await browser.newContext({ viewport: { width: 800, height: 700 }, ...wishes })).newPage();
    if (reducedTransparency) {
      const devtools = await opened.context().newCDPSession(opened);
      await devtools.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-reduced-transparency', value: 'reduce' }] });
    }
    await opened.setContent(`<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><main></main></html>`);
    await opened.addScriptTag({ content: script });
    return opened;
  }

  /** A page with the face in this state, and nothing else. */
  async function show(name: FixtureName, wishes: Wishes = {}, attributes: Readonly<Record<string, string>> = {}, width = 360) {
    const key = JSON.stringify(wishes);
    page = pages.get(key) ?? (await open(wishes));
    pages.set(key, page);
    await page.evaluate(
      async ([state, own, inlineSize]) => {
        const { fixtures } = (globalThis as unknown as { stories: { fixtures: Readonly<Record<string, Fixture>> } }).stories;
        const face = document.createElement('face-element') as FaceElement;
        for (const [attribute, value] of Object.entries(own)) face.setAttribute(attribute, value);
        face.style.inlineSize = `${inlineSize}px`;
        face.fixture = fixtures[state] as Fixture;
        document.querySelector('main')?.replaceChildren(face);
        await face.whole;
        while (!face.shadowRoot?.querySelector('.face, .shell')) await new Promise(requestAnimationFrame);
        await face.updateComplete;
        const moving = face.shadowRoot.getAnimations().filter(({ timeline }) => timeline === document.timeline);
        await Promise.all(moving.map(({ finished }) => finished.catch(() => undefined)));
      },
      [name, attributes, width] as const,
    );
    return page.locator('face-element');
  }

  /** Computed styles of what this selector finds first in the face, or of what the face is. */
  function look(selector: string, properties: readonly string[], pseudo = ''): Promise<Look> {
    return page
      .locator(`face-element ${selector}`)
      .first()
      .evaluate(
        (element, [names, generated]) => {
          const style = getComputedStyle(element, generated || null);
          return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name)]));
        },
        [properties, pseudo] as const,
      );
  }

  const motion = ['animation-name', 'transition-duration', 'transition-property'];
  // That trouble shows a second later is no motion, nor is what fades out where one scrolls.
  const moves = (seen: Look) => !/^(none|later|more)$/.test(seen['animation-name'] ?? '') || !/^0s(, 0s)*$/.test(seen['transition-duration'] ?? '');

  it('moves nothing where less motion is wished, in any layout', async () => {
    const still = { reducedMotion: 'reduce' } as const;
    const all = async (layout: string, name: FixtureName, wishes: Wishes) => {
      const face = await show(name, wishes, { layout, open: '' });
      return face.evaluate((element, properties) => {
        const looks: [string, Record<string, string>][] = [];
        for (const inner of element.shadowRoot?.querySelectorAll('*') ?? [])
          for (const pseudo of [null, '::before', '::after']) {
            const style = getComputedStyle(inner, pseudo);
            if (pseudo && style.content === 'none') continue;
            looks.push([
              `${inner.localName}[${inner.getAttribute('part') ?? inner.className.toString()}]${pseudo ?? ''}`,
              Object.fromEntries(properties.map((property) => [property, style.getPropertyValue(property)])),
            ]);
          }
        return looks;
      }, motion);
    };
    for (const layout of ['inline', 'compact', 'floating'])
      for (const name of ['lobby', 'joining, connecting', 'I speak', 'reconnecting', 'settings, push to talk', 'push to talk, held', 'fifty people'] as const)
        assert.deepEqual(
          (await all(layout, name, still)).filter(([, seen]) => moves(seen)).map(([what, seen]) => [what, ...Object.values(seen)]),
          [],
          `${layout}: ${name}`,
        );
    assert.ok(
      (await all('floating', 'I speak', {})).some(([, seen]) => moves(seen)),
      'and moves otherwise',
    );
  });

  it('lets the ring of who speaks stand still where less motion is wished, and shows it', async () => {
    await show('three people, one speaking', { reducedMotion: 'reduce' });
    assert.deepEqual(await look('.speaking [part=avatar]', ['opacity', 'transform'], '::after'), { opacity: '1', transform: 'none' });
  });

  it('tells who speaks, who is muted and what is pressed without any colour of ours', async () => {
    await show('three people, one speaking', { forcedColors: 'active' });
    const ring = async (row: string) => (await look(`${row} [part=avatar]`, ['opacity'], '::after'))['opacity'];
    assert.deepEqual([await ring('li.speaking'), await ring('li:not(.speaking)')], ['1', '0'], 'a ring');
    const icons = await page
      .locator('face-element li:nth-child(n+2) .state')
      .evaluateAll((states) => states.map((state) => [state.textContent.trim(), state.querySelector('svg')?.innerHTML.includes('gap')]));
    assert.deepEqual(
      icons,
      [
        ['speaking', false],
        ['mic off', true],
      ],
      'a word and a shape for each',
    );
    await show('muted', { forcedColors: 'active' });
    const pressed = await look('[part=mute-button]', ['border-top-color', 'background-color']);
    const other = await look('[part=deafen-button]', ['border-top-color', 'background-color']);
    assert.notEqual(pressed['background-color'], other['background-color'], 'pressed');
  });

  it('has an edge around every surface and button in forced colours', async () => {
    const edge = ['border-top-style', 'border-top-width'];
    const drawn = { 'border-top-style': 'solid', 'border-top-width': '1px' };
    const places: [FixtureName, string, string[]][] = [
      ['lobby', 'inline', ['.face', '[part=join-button]', '[part=settings-button]']],
      ['tap to hear', 'inline', ['.face', '[part=notice]', '[part=mute-button]', '[part=leave-button]', '[part=avatar]']],
      ['alone', 'compact', ['.line', '[part=mute-button]']],
      ['alone', 'floating', ['[part=pill]']],
    ];
    for (const [name, layout, selectors] of places) {
      await show(name, { forcedColors: 'active' }, { layout });
      for (const selector of selectors) assert.deepEqual(await look(selector, edge), drawn, `${layout}: ${selector}`);
    }
    await show('alone', { forcedColors: 'active' }, { layout: 'floating', open: '' });
    assert.deepEqual(await look('[part=panel]', edge), drawn);
    await show('settings, push to talk', { forcedColors: 'active' });
    for (const selector of ['select', '[part=meter]', '.switch i']) assert.deepEqual(await look(selector, edge), drawn, selector);
    const knob = async (switched: string) => (await look(`.switch[aria-checked=${switched}] i`, ['background-color']))['background-color'];
    assert.notEqual(await knob('true'), await knob('false'), 'on and off');
  });

  it('has edges and full text where more contrast is wished', async () => {
    const names = ['border-top-color', 'color'];
    await show('muted', { contrast: 'more' });
    for (const selector of ['[part=mute-button]', '[part=deafen-button]', '[part=leave-button]']) {
      const seen = await look(selector, names);
      assert.equal(seen['border-top-color'], seen['color'], selector);
    }
    assert.equal((await look('[part=count]', ['color']))['color'], (await look('.face', ['color']))['color'], 'nothing is quiet');
    await show('weak connection', { contrast: 'more' });
    const notice = await look('[part=notice]', names);
    assert.equal(notice['border-top-color'], notice['color']);
    await show('settings', { contrast: 'more' });
    const select = await look('select', names);
    assert.equal(select['border-top-color'], select['color'], 'select');
    await show('alone', { contrast: 'more' }, { layout: 'floating' });
    assert.equal((await look('[part=pill]', ['border-top-width']))['border-top-width'], '1px', 'what floats has an edge');
  });

  it('has nothing that one sees through where less transparency is wished', async () => {
    const faint = ['opacity', 'background-color', 'box-shadow'];
    for (const [name, layout, selector] of [
      ['alone', 'floating', '[part=pill]'],
      ['alone', 'compact', '.line [part=mute-button]'],
    ] as const) {
      await show(name, { reducedTransparency: true }, { layout });
      const seen = await look(selector, faint);
      assert.equal(seen['opacity'], '1', selector);
      assert.doesNotMatch(seen['background-color'] ?? '', /rgba|\/ 0?\.|transparent/, selector);
      assert.doesNotMatch(seen['box-shadow'] ?? '', /rgba\([^)]*, 0?\.\d|\/ 0?\.\d/, selector);
    }
    await show('page not secure', { reducedTransparency: true });
    assert.equal((await look('[part=join-button]', ['opacity']))['opacity'], '1', 'a dead button');
    await show('push to talk, muted', { reducedTransparency: true });
    assert.equal((await look('[part=talk-button]', ['opacity']))['opacity'], '1', 'a dead key');
  });

  it('keeps the names of buttons whatever stands in for their icons', async () => {
    for (const [name, names] of [
      ['lobby', ['Join', 'Settings']],
      ['alone', ['Mute', 'Deafen', 'Settings', 'Leave']],
    ] as const) {
      const face = await show(name);
      await face.evaluate((element) => {
        element.innerHTML = ['mute', 'deafen', 'settings', 'leave'].map((icon) => `<b slot="${icon}-icon">${icon} by somebody</b>`).join('');
      });
      const { nodes } = await (await page.context().newCDPSession(page)).send('Accessibility.getFullAXTree');
      const buttons = nodes.filter(({ role, ignored }) => !ignored && role?.value === 'button').map((node) => node.name?.value as string);
      assert.deepEqual(buttons, names);
    }
  });

  for (const width of [320, 480])
    it(`gives fingers 44 px both ways in a compact line of ${width} px, lobby and room`, async () => {
      const touch = { hasTouch: true, isMobile: true, viewport: { width: 500, height: 700 } };
      for (const name of ['lobby', 'endpoint down', 'alone', 'three people, one speaking', 'talking while muted', 'push to talk', 'listening only'] as const) {
        const face = await show(name, touch, { layout: 'compact' }, width);
        const sizes = await face.evaluate((element) => {
          const line = element.shadowRoot?.querySelector('.face');
          return {
            coarse: matchMedia('(pointer: coarse)').matches,
            height: element.getBoundingClientRect().height,
            spill: (line?.scrollWidth ?? 0) - element.clientWidth,
            buttons: [...(element.shadowRoot?.querySelectorAll('button') ?? [])]
              .map((button) => ({ part: button.getAttribute('part'), box: button.getBoundingClientRect() }))
              .filter(({ box }) => box.width > 1)
              .map(({ part, box }) => ({ part, width: box.width, height: box.height })),
          };
        });
        assert.equal(sizes.coarse, true);
        assert.equal(sizes.height, 44, `${name}: one line`);
        assert.ok(sizes.spill <= 0, `${name}: ${sizes.spill} px too wide`);
        for (const { part, width: across, height } of sizes.buttons) assert.ok(Math.min(across, height) >= 44, `${name}: ${part} is ${across} by ${height}`);
      }
    });
});

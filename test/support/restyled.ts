import assert from 'node:assert/strict';
import type { Visit } from './stage.js';

/** All that the browser has computed of the face and of each element inside, and where these lie in it. */
function look(visit: Visit): Promise<Record<string, Record<string, string>>> {
  return visit.run(async (room) => {
    const face = room.shadowRoot!.querySelector('.face')!;
    // What follows scrolling never ends.
    const moving = face.getAnimations({ subtree: true }).filter(({ timeline }) => timeline === document.timeline);
    await Promise.allSettled(moving.map(({ finished }) => finished));
    const { x, y } = face.getBoundingClientRect();
    return Object.fromEntries(
      [face, ...face.querySelectorAll('*')].map((element, index) => {
        const box = element.getBoundingClientRect();
        const style = getComputedStyle(element);
        const computed = Object.fromEntries([...style].map((name) => [name, style.getPropertyValue(name)]));
        // A slot has none.
        const place = element.getClientRects().length > 0 ? [box.x - x, box.y - y, box.width, box.height].map(Math.round).join(' ') : '';
        return [`${index} ${element.localName} ${element.getAttribute('part') ?? ''}`, { place, ...computed }];
      }),
    );
  });
}

/**
 * The face looks the same after the page has taken this style sheet: in its letters, and in those of a page that has the same ones before and after.
 * What is the page's stays so: the tag's width, its letters and their size.
 */
export async function assertUnmoved(visit: Visit, css: string): Promise<void> {
  // Where it hovers over nothing.
  await visit.page.mouse.move(0, 0);
  for (const letters of ['--vc-font', 'font-family']) {
    await visit.run((room, property) => {
      const own = { width: '360px', display: 'block', 'font-size': '16px', [property]: 'sans-serif' };
      for (const [name, value] of Object.entries(own)) room.style.setProperty(name, value, 'important');
    }, letters);
    const before = await look(visit);
    const rules = await visit.run((_, text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      document.adoptedStyleSheets = [sheet];
      return sheet.cssRules.length;
    }, css);
    assert.ok(rules > 0);
    const after = await look(visit);
    assert.deepEqual(Object.keys(after), Object.keys(before));
    assert.deepEqual(differences(before, after), []);
    await visit.run((room, property) => {
      document.adoptedStyleSheets = [];
      room.style.removeProperty(property);
    }, letters);
  }
}

function differences(before: Awaited<ReturnType<typeof look>>, after: Awaited<ReturnType<typeof look>>): string[] {
  return Object.entries(before).flatMap(([element, style]) =>
    Object.entries(style)
      .filter(([name, value]) => after[element]?.[name] !== value)
      .map(([name, value]) => `${element}: ${name}: ${value} -> ${after[element]?.[name]}`),
  );
}

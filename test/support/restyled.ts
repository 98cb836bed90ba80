import assert from 'node:assert/strict';
import type { Visit } from './stage.js';

/** What a person sees of each part: its place, its size and its letters. */
function look(visit: Visit): Promise<unknown> {
  return visit.run((room) =>
    [...room.shadowRoot!.querySelectorAll('[part]')].map((part) => {
      const { width, height } = part.getBoundingClientRect();
      const style = getComputedStyle(part);
      const { font, fontFeatureSettings, letterSpacing, wordSpacing, textTransform, textAlign, textIndent, whiteSpace, color } = style;
      return [
        part.getAttribute('part'),
        Math.round(width),
        Math.round(height),
        ...[font, fontFeatureSettings, letterSpacing, wordSpacing, textTransform, textAlign, textIndent, whiteSpace, color],
      ];
    }),
  );
}

/** The element looks the same after the page has taken this style sheet. */
export async function assertUnmoved(visit: Visit, css: string): Promise<void> {
  // A width of its own: the page's margins are the page's.
  await visit.run((room) => {
    room.style.setProperty('width', '360px');
    room.style.setProperty('display', 'block');
  });
  const before = await look(visit);
  const rules = await visit.run((_, text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet];
    return sheet.cssRules.length;
  }, css);
  assert.ok(rules > 0);
  assert.deepEqual(await look(visit), before);
}

import { expect } from '@open-wc/testing';
import { emulateMedia, executeServerCommand } from '@web/test-runner-commands';
import type { StoryRoom } from '../../stories/story-room.js';
import { clear, stories } from '../support/all-stories.js';

const press = (...keys: readonly string[]): Promise<unknown> => executeServerCommand('press-keys', keys);
const times = (count: number, key: string): string[] => Array.from({ length: count }, () => key);

let first: HTMLElement;
let stage: HTMLElement;
let last: HTMLElement;
/** Who had the focus since the last walk, in order, and what everybody looked like then. */
let visited: Element[];
const marks = new Map<Element, string>();

const onFocus = (event: Event): void => {
  // Heard in each tree, since it does not leave the one in which the focus stays.
  const target = event.composedPath()[0] as Element;
  if (target === visited.at(-1)) return;
  visited.push(target);
  marks.set(target, markOf(target));
};

/** Nothing moves, so nothing is waited for. */
before(() => emulateMedia({ reducedMotion: 'reduce' }));
after(() => emulateMedia({ reducedMotion: 'no-preference' }));

beforeEach(() => {
  first = document.body.appendChild(document.createElement('button'));
  stage = document.body.appendChild(document.createElement('main'));
  last = document.body.appendChild(document.createElement('button'));
  visited = [];
  addEventListener('focusin', onFocus, true);
});

afterEach(() => {
  removeEventListener('focusin', onFocus, true);
  clear(stage);
  marks.clear();
  for (const element of [first, stage, last]) element.remove();
});

describe('keys in the stories', () => {
  for (const { id, file, name, show } of stories)
    it(`${id} (${name}): Tab leads through everything once, visibly, and Shift+Tab back; arrows lead to everybody; Escape closes what is open`, async () => {
      const rooms = await show(stage);
      for (const { shadowRoot } of rooms) shadowRoot?.addEventListener('focusin', onFocus);
      await tabs();
      for (const room of rooms) await arrows(room);
      // What had opened it is not shown beside a control that stands alone.
      for (const room of rooms) await escapes(room, file !== 'controls');
    });
});

async function tabs(): Promise<void> {
  const stops = stopsIn(stage);
  first.focus();
  visited = [];
  await press(...times(stops.length + 1, 'Tab'));
  expect(visited.map(nameOf)).to.deep.equal([...stops, last].map(nameOf));
  visited = [];
  await press(...times(stops.length + 1, 'Shift+Tab'));
  expect(visited.map(nameOf)).to.deep.equal([...stops.toReversed(), first].map(nameOf));
  expect(stops.filter((stop) => !marks.get(stop) || marks.get(stop) === markOf(stop)).map(nameOf), 'without a mark').to.deep.equal([]);
  expect(covered(stops), 'covered').to.deep.equal([]);
}

async function arrows({ shadowRoot }: HTMLElement): Promise<void> {
  const people = [...(shadowRoot?.querySelectorAll<HTMLElement>('button.row') ?? [])].filter((row) => row.checkVisibility());
  const some = people.slice(0, 5);
  const [top] = some;
  if (!top || some.length < 2) return;
  top.focus();
  visited = [];
  await press(...times(some.length - 1, 'ArrowDown'), 'End', 'Home');
  expect(visited.map(nameOf)).to.deep.equal([...some.slice(1), ...people.slice(some.length).slice(-1), top].map(nameOf));
}

async function escapes(room: StoryRoom, keepsFocus: boolean): Promise<void> {
  for (let open = opened(room), inner = open.at(-1); inner; inner = open.at(-1)) {
    inner.focus();
    // Where it is hidden beside a button that stands alone: the first sends that one's tip away.
    await press(...times(room.shadowRoot?.activeElement?.querySelector('.tip') ? 2 : 1, 'Escape'));
    await room.updateComplete;
    const still = opened(room);
    expect(still.map(nameOf), 'open').to.deep.equal(open.slice(0, -1).map(nameOf));
    if (keepsFocus) expect(room.shadowRoot?.activeElement, 'focus').to.not.equal(null);
    open = still;
  }
}

/** All that Tab should stop at, in the order of the tree. */
function stopsIn(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('*')].flatMap((element) => {
    const inside = element.shadowRoot ? stopsIn(element.shadowRoot) : [];
    return element.tabIndex >= 0 && element.checkVisibility() && !element.matches(':disabled') ? [element, ...inside] : inside;
  });
}

/** What is open, the innermost last: each by something in it that can have the focus. */
function opened({ shadowRoot }: HTMLElement): HTMLElement[] {
  const open = ['[part~=hide-button]', '[part=summary-button][aria-expanded=true]', 'section.panel', '[part=participant-menu] input'];
  return open.flatMap((selector) => [...(shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])]);
}

/** The outline, if it can be seen. */
function markOf(element: Element): string {
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
  const isSeen = outlineStyle === 'auto' || (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 && !/[,/] 0\)$/.test(outlineColor));
  return isSeen ? `${outlineStyle} ${outlineWidth} ${outlineColor}` : '';
}

/** WCAG 2.4.11: what has the focus and cannot be hit where its middle is. */
function covered(stops: readonly HTMLElement[]): string[] {
  return stops
    .filter((stop) => {
      stop.focus();
      const { x, y, width, height } = stop.getBoundingClientRect();
      let hit: Element | null = document.elementFromPoint(x + width / 2, y + height / 2);
      while (hit?.shadowRoot) {
        const deeper = hit.shadowRoot.elementFromPoint(x + width / 2, y + height / 2);
        if (!deeper || deeper === hit) break;
        hit = deeper;
      }
      return !hit || !(stop.contains(hit) || hit.contains(stop));
    })
    .map(nameOf);
}

function nameOf(element: Element): string {
  const kind = element.getAttribute('part') ?? element.className ?? '';
  return `${element.localName} ${kind} ${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 24)}`;
}

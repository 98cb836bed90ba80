import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe } from 'node:test';
import type { VcRoom } from '../../src/vc-room.js';
import { it } from '../support/left-out.js';
import { assertUnmoved } from '../support/restyled.js';
import { serve } from '../support/serve.js';
import { openStage } from '../support/stage.js';
import type { Stage } from '../support/stage.js';

const dist = join(import.meta.dirname, '../../dist');

/** Ways of a page to bring the element into its document; each is given the tag's HTML and says where the element is then. */
const ways: Record<string, (html: string) => void> = {
  innerHTML: (html) => {
    document.querySelector('main')!.innerHTML = html;
  },
  'a template': (html) => {
    const template = document.createElement('template');
    template.innerHTML = html;
    document.querySelector('main')!.append(template.content.cloneNode(true));
  },
  'a clone': (html) => {
    const first = Object.assign(document.createElement('div'), { innerHTML: html }).firstElementChild!;
    document.querySelector('main')!.append(first.cloneNode(true));
  },
  'a modal dialog': (html) => {
    const dialog = document.querySelector('main')!.appendChild(document.createElement('dialog'));
    dialog.innerHTML = html;
    dialog.showModal();
  },
  'a popover': (html) => {
    const popover = Object.assign(document.createElement('div'), { popover: 'auto', innerHTML: html });
    document.querySelector('main')!.append(popover);
    popover.showPopover();
  },
  "somebody else's shadow root": (html) => {
    const host = document.querySelector('main')!.appendChild(document.createElement('div'));
    host.attachShadow({ mode: 'open' }).innerHTML = html;
  },
};

/** What pages do to all that is on them, by names of no framework: real ones are in `test/examples`. */
const sheets: Readonly<Record<string, string>> = {
  'what is inherited is reset': `
    *, ::before, ::after { box-sizing: content-box; margin: 0; padding: 0; border: 0 solid; }
    html { line-height: 2.5; letter-spacing: 3px; word-spacing: 9px; text-transform: uppercase; text-align: right; text-indent: 30px; white-space: pre; cursor: wait; }
    button { all: unset; font: 30px serif; } ul { list-style: square inside; } h2 { font: inherit; display: inline; } svg { display: none; } p { margin: 40px; }`,
  'everything is forced upon all elements': `
    *, ::before, ::after {
      box-sizing: content-box !important; margin: 9px !important; padding: 9px !important; border: 9px dotted red !important; background: lime !important;
      color: red !important; font: italic 700 30px/3 cursive !important; letter-spacing: 3px !important; word-spacing: 9px !important; text-align: right !important;
      text-transform: uppercase !important; text-indent: 30px !important; white-space: pre !important; list-style: square !important;
    }`,
  'all is reverted': '*, ::before, ::after { all: revert !important; }',
};

describe('<vc-room> on strange pages', () => {
  let stage: Stage;
  before(async () => (stage = await openStage()));
  beforeEach(() => stage.newRoom());
  afterEach(() => stage.clear());
  after(() => stage.stop());

  /** One page for all ways: leaving in between is part of it. */
  it('joins however it came into the document', async (test) => {
    const ada = await stage.visit({ as: 'ada' });
    const html = await ada.run((room) => {
      const tag = room.outerHTML;
      room.remove();
      return tag;
    });
    for (const [way, put] of Object.entries(ways)) {
      await ada.page.evaluate(put, html);
      await ada.join();
      test.diagnostic(way);
      await ada.page.evaluate(() => document.querySelector('main')!.replaceChildren());
    }
  });

  it('written by document.write joins', async () => {
    const ada = await stage.visit({
      as: 'ada',
      script: (assets) => `<script src="${assets}/vc-room.classic.js"></script>`,
      before: `addEventListener('DOMContentLoaded', () => {
        const { outerHTML } = document.querySelector('vc-room');
        const [script] = document.scripts;
        document.open();
        document.write('<!doctype html><main>' + script.outerHTML + outerHTML + '</main>');
        document.close();
      }, { once: true })`,
    });
    await ada.join();
  });

  it('has one microphone for several elements on a page, which talk in different rooms', async () => {
    const other = stage.newRoom();
    stage.newRoom();
    const ada = await stage.visit({ as: 'ada' });
    const [ben, cem] = [await stage.visit({ as: 'ben' }), await stage.visit({ as: 'ben', attributes: { room: other } })];
    await Promise.all([ben.join(), cem.join()]);
    const states = await ada.run(async (room, name) => {
      const second = room.cloneNode() as VcRoom;
      second.setAttribute('room', name);
      room.after(second);
      await Promise.all([room.join(), second.join()]);
      return [room.connectionState, second.connectionState, room.localParticipant?.identity === second.localParticipant?.identity];
    }, other);
    assert.deepEqual(states, ['joined', 'joined', false]);
    await Promise.all([ben.hears('ada'), cem.hears('ada')]);
    assert.equal(await ada.page.evaluate(() => window.probe.open.microphones), 1);
    await ada.page.evaluate(() => document.querySelectorAll('vc-room')[1]?.leave());
    await cem.sees();
    await ben.hears('ada');
  });

  it('lives beside another version of itself, under another name', async () => {
    // The next version: every file as it is, under another number.
    const other = await serve((request, response) => {
      const file = (request.url ?? '').slice(1);
      const known = readdirSync(dist, { recursive: true, encoding: 'utf8' }).includes(file);
      const body = known ? readFileSync(join(dist, file)) : null;
      const type = file.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
      response.writeHead(body ? 200 : 404, { 'content-type': type, 'access-control-allow-origin': '*' });
      response.end(file.endsWith('.js') ? String(body).replaceAll('vc-room 0.', 'vc-room 9.') : body);
    });
    try {
      const ada = await stage.visit({
        as: 'ada',
        headers: {
          'content-security-policy': "default-src 'none'; script-src http://127.0.0.1:* 'wasm-unsafe-eval'; connect-src http://127.0.0.1:* ws://127.0.0.1:*",
        },
      });
      const seen = await ada.run(async (room, origin) => {
        const { VcRoom: Next } = (await import(`${origin}/vc-room.js`)) as { VcRoom: typeof VcRoom };
        Next.define('vc-room-next');
        const next = document.createElement('vc-room-next') as VcRoom;
        next.room = room.room;
        next.tokenEndpoint = room.tokenEndpoint;
        next.displayName = 'Grace';
        room.after(next);
        await room.join();
        await next.join();
        return next instanceof (customElements.get('vc-room') ?? Object);
      }, other.origin);
      assert.equal(seen, false);
      await ada.sees('Grace');
    } finally {
      await other.stop();
    }
  });

  it('leaves when another document adopts it, and can join from there in its own style', async () => {
    const [ada, ben] = [await stage.visit({ as: 'ada' }), await stage.visit({ as: 'ben' })];
    await Promise.all([ada.join(), ben.join()]);
    await ben.sees('Ada');
    const after = await ada.run(async (room) => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      const there = frame.contentDocument!;
      there.body.append(room);
      const left = room.connectionState;
      await room.updateComplete;
      const button = room.shadowRoot!.querySelector('button')!;
      return { left, sheets: room.shadowRoot!.adoptedStyleSheets.length, radius: there.defaultView!.getComputedStyle(button).borderRadius };
    });
    assert.equal(after.left, 'idle');
    assert.ok(after.sheets > 0);
    assert.notEqual(after.radius, '0px');
    await ben.sees();
    const again = await ada.page.evaluate(async () => {
      const room = document.querySelector('iframe')!.contentDocument!.querySelector('vc-room')!;
      await room.join();
      document.querySelector('main')!.append(room);
      return room.connectionState;
    });
    assert.equal(again, 'idle');
  });

  it('leaves, and lets the microphone go, when the frame in which it was joined goes away', async () => {
    const [ada, ben] = [await stage.visit({ as: 'ada' }), await stage.visit({ as: 'ben' })];
    await ben.join();
    await ada.run(async (room) => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      frame.contentDocument!.body.append(room);
      await room.join();
      Object.assign(window, { room });
    });
    await ben.hears('ada');
    const after = await ada.page.evaluate(() => {
      document.querySelector('iframe')!.remove();
      return (window as unknown as { room: VcRoom }).room.connectionState;
    });
    assert.equal(after, 'idle');
    await ada.page.waitForFunction(() => window.probe.open.microphones === 0);
    await ben.sees();
  });

  it('goes on talking in details that close, and while it is shown nowhere', async () => {
    const [ada, ben] = [await stage.visit({ as: 'ada', body: '<details open><summary>Call</summary>*</details>' }), await stage.visit({ as: 'ben' })];
    await Promise.all([ada.join(), ben.join()]);
    await ada.page.evaluate(() => document.querySelector('details')!.removeAttribute('open'));
    await Promise.all([ada.hears('ben'), ben.hears('ada')]);
    await ada.run((room) => room.style.setProperty('display', 'none'));
    await ben.hears('ada');
  });

  it('keeps the call through a navigation that keeps the element, as Turbo and View Transitions do', async () => {
    const [ada, ben] = [await stage.visit({ as: 'ada' }), await stage.visit({ as: 'ben' })];
    await Promise.all([ada.join(), ben.join()]);
    await ben.hears('ada');
    const states = await ada.run(async (room) => {
      const seen: string[] = [];
      room.addEventListener('connectionstatechange', () => seen.push(room.connectionState));
      const visitPage = (): void => {
        const placeholder = document.createElement('meta');
        room.replaceWith(placeholder);
        const body = document.createElement('body');
        body.append(document.createElement('main'), document.createElement('p'));
        const kept = body.querySelector('main')!.appendChild(document.createElement('meta'));
        document.body.replaceWith(body);
        kept.replaceWith(room);
      };
      visitPage();
      await document.startViewTransition(visitPage).finished;
      return seen;
    });
    assert.deepEqual(states, []);
    await ben.hears('ada');
    await ada.sees('Ben');
  });

  for (const [what, css] of Object.entries(sheets))
    it(`looks the same where ${what}`, async () => {
      const ada = await stage.visit({ as: 'ada', attributes: { 'mic-muted': '' } });
      await assertUnmoved(ada, css);
      await ada.join();
      await assertUnmoved(ada, css);
    });
});

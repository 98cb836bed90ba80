import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { assertUnmoved } from '../support/restyled.js';
import { serve } from '../support/serve.js';
import type { Served } from '../support/serve.js';
import { moduleScript, openStage } from '../support/stage.js';
import type { Stage } from '../support/stage.js';

const require = createRequire(join(import.meta.dirname, 'package.json'));
const read = (path: string): string => readFileSync(require.resolve(path), 'utf8');

/** What a site that uses it puts on every page. */
const sheets: Readonly<Record<string, () => Promise<string> | string>> = {
  Bootstrap: () => read('bootstrap/dist/css/bootstrap.css'),
  async "Tailwind's preflight"() {
    const { compile } = require('tailwindcss') as {
      compile: (css: string, options: object) => Promise<{ build: (classes: string[]) => string }>;
    };
    const loadStylesheet = (path: string, base: string) => ({ path, base, content: read(path) });
    const { build } = await compile("@import 'tailwindcss/theme.css' theme(static); @import 'tailwindcss/preflight.css';", { loadStylesheet });
    return build([]);
  },
};

describe("<vc-room> on other people's sites", () => {
  let stage: Stage;
  let library: Served;
  before(async () => {
    stage = await openStage();
    library = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' });
      response.end(read('@hotwired/turbo/dist/turbo.es2017-esm.js'));
    });
  });
  beforeEach(() => stage.newRoom());
  afterEach(() => stage.clear());
  after(async () => {
    await library.stop();
    await stage.stop();
  });

  for (const [how, head] of Object.entries({
    'as it does by itself': '',
    'with View Transitions': '<meta name="view-transition" content="same-origin">',
  }))
    it(`keeps the call while Turbo goes to another page, ${how}`, async () => {
      const page = (body: string) => ({
        headers: { 'content-security-policy': '' },
        script: (assets: string) => `${head}${moduleScript(assets)}<script type="module" src="${library.origin}"></script>`,
        body: `<div id="call" data-turbo-permanent>*</div>${body}`,
      });
      const next = stage.page({ as: 'ada', ...page('<h2>Next</h2>') });
      const [ada, ben] = await Promise.all([stage.visit({ as: 'ada', ...page(`<a href="${next}">Next</a>`) }), stage.visit({ as: 'ben' })]);
      await Promise.all([ada.join(), ben.join()]);
      await Promise.all([ada.hears('ben'), ben.hears('ada')]);
      const { identity } = await ada.run((room) => {
        room.addEventListener('connectionstatechange', () => (room.dataset['moved'] = room.connectionState));
        return { identity: room.localParticipant?.identity };
      });
      await ada.page.getByText('Next').click();
      await ada.page.waitForURL(next);
      await ada.page.getByRole('heading', { name: 'Next' }).waitFor();
      assert.deepEqual(await ada.run((room) => [room.connectionState, room.dataset['moved'], room.localParticipant?.identity]), [
        'joined',
        undefined,
        identity,
      ]);
      await Promise.all([ada.hears('ben'), ben.hears('ada')]);
      await ada.sees('Ben');
    });

  for (const [name, css] of Object.entries(sheets))
    it(`looks the same with ${name}`, async () => {
      const ada = await stage.visit({ as: 'ada', attributes: { 'mic-muted': '' } });
      await assertUnmoved(ada, await css());
      await ada.join();
      await assertUnmoved(ada, await css());
    });
});

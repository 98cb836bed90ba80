import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

/** The project's own configuration, without the rules that need types: the files below do not exist. */
const eslint = new ESLint({ cwd: join(import.meta.dirname, '../..'), overrideConfig: [tseslint.configs.disableTypeChecked] });

const arrowRules = ['no-restricted-imports', '@typescript-eslint/no-restricted-imports', 'no-restricted-syntax'];

async function breaches(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  assert.deepEqual(
    result?.messages.filter(({ fatal }) => fatal).map(({ message }) => message),
    [],
  );
  return result?.messages.map(({ ruleId }) => String(ruleId)).filter((rule) => arrowRules.includes(rule)) ?? [];
}

const value = (specifier: string): string => `import { it } from '${specifier}';\nexport const that = it;\n`;
const type = (specifier: string): string => `import type { It } from '${specifier}';\nexport type That = It;\n`;
const lazy = (specifier: string): string => `export const that = () => import('${specifier}');\n`;

/** File, the import that it must not have. */
const forbidden: [string, string][] = [
  ['src/room/new.ts', value('../token/grants.js')],
  ['src/room/new.ts', value('../sound/sound.js')],
  ['src/room/new.ts', type('../livekit/livekit-transport.js')],
  ['src/room/new.ts', type('../page/tabs.js')],
  ['src/room/new.ts', type('../view/view.js')],
  ['src/room/new.ts', type('../strings/en.js')],
  ['src/room/new.ts', value('lit')],
  ['src/room/new.ts', type('livekit-client')],
  ['src/room/new.ts', lazy('../compose.js')],
  ['src/room/new.ts', value('./../token/grants.js')],
  ...['token', 'sound', 'page', 'livekit'].flatMap((folder): [string, string][] => [
    ...['token', 'sound', 'page', 'livekit']
      .filter((other) => other !== folder)
      .map((other): [string, string] => [`src/${folder}/new.ts`, value(`../${other}/any.js`)]),
    [`src/${folder}/new.ts`, type('../room/session.js')],
    [`src/${folder}/new.ts`, type('../room/machine.js')],
    [`src/${folder}/new.ts`, value('../compose.js')],
    [`src/${folder}/new.ts`, type('../config.js')],
    [`src/${folder}/new.ts`, type('../view/view.js')],
    [`src/${folder}/new.ts`, value('../strings/en.js')],
    [`src/${folder}/new.ts`, value('lit')],
    [`src/${folder}/new.ts`, type('livekit-client')],
    [`src/${folder}/new.ts`, lazy('livekit-client')],
    [`src/${folder}/new.ts`, `export { it } from '../events.js';\n`],
  ]),
  ['src/livekit/load.ts', value('./livekit-transport.js').replace('./livekit-transport.js', 'livekit-client')],
  ['src/livekit/first-offer.ts', value('livekit-client')],
  ['src/livekit/livekit-transport.ts', value('idb-keyval')],
  ['src/sound/new.ts', value('idb-keyval')],
  ['src/sound/new.ts', value('../../worklets/reframer.js')],
  ['src/token/new.ts', value('../../worklets/protocol.js')],
  ['src/view/new.ts', value('../room/errors.js')],
  ['src/view/new.ts', value('../vc-room.js')],
  ['src/view/new.ts', type('../config.js')],
  ['src/view/new.ts', value('../sound/press.js')],
  ['src/view/new.ts', lazy('../compose.js')],
  ['src/controls/new.ts', value('../room/session.js')],
  ['src/controls/new.ts', value('../page/tabs.js')],
  ['src/strings/ja.ts', value('lit')],
  ['src/strings/ja.ts', value('../room/errors.js')],
  ['src/config.ts', value('./vc-room.js')],
  ['src/config.ts', value('lit')],
  ['src/events.ts', value('./room/errors.js')],
  ['src/settings.ts', value('./config.js')],
  ['src/vc-room.styles.ts', value('./vc-room.js')],
  ['src/vc-room.ts', value('./compose.js')],
  ['src/vc-room.ts', lazy('./compose.js')],
  ['src/vc-room.ts', value('./view/room.js')],
  ['src/vc-room.ts', value('./sound/sound.js')],
  ['src/vc-room.ts', value('./token/grants.js')],
  ['src/vc-room.ts', value('./room/machine.js')],
  ['src/vc-room.ts', value('./livekit/livekit-transport.js')],
  ['src/vc-room.ts', lazy('./livekit/livekit-transport.js')],
  ['src/vc-room.ts', lazy('livekit-client')],
  ['src/vc-room.ts', value('livekit-client')],
  ['src/compose.ts', value('lit')],
  ['src/compose.ts', value('./view/room.js')],
  ['src/compose.ts', value('./vc-room.js')],
  ['src/compose.ts', value('./livekit/livekit-transport.js')],
  ['src/compose.ts', lazy('./livekit/livekit-transport.js')],
  ['src/compose.ts', value('./settings.js')],
  ['src/define.ts', value('./compose.js')],
  ['src/index.ts', value('./define.js')],
  ['src/index.ts', value('./room/session.js')],
  ['src/classic.ts', value('./vc-room.js')],
  ['src/somewhere-new.ts', value('./room/errors.js')],
  ['src/somewhere/new.ts', value('lit')],
  ['worklets/new.ts', type('../src/room/snapshot.js')],
  ['worklets/new.ts', value('../src/sound/sound.js')],
  ['worklets/new.ts', value('@jitsi/rnnoise-wasm')],
];

const allowed: [string, string][] = [
  ['src/room/new.ts', value('./errors.js')],
  ['src/token/new.ts', value('../room/errors.js')],
  ['src/token/cache.ts', value('idb-keyval')],
  ['src/sound/new.ts', value('../../worklets/protocol.js')],
  ['src/sound/new.ts', type('../room/suppliers.js')],
  ['src/page/new.ts', type('../room/snapshot.js')],
  ['src/livekit/load.ts', lazy('./livekit-transport.js')],
  ['src/livekit/livekit-transport.ts', value('livekit-client')],
  ['src/livekit/first-offer.ts', type('livekit-client')],
  ['src/view/new.ts', value('lit/directives/repeat.js')],
  ['src/view/new.ts', type('../room/snapshot.js')],
  ['src/controls/new.ts', type('../room/snapshot.js')],
  ['src/compose.ts', value('./livekit/load.js')],
  ['src/vc-room.ts', value('./sound/press.js')],
  ['src/load.ts', lazy('./compose.js')],
  ['src/vc-room.ts', value('./load.js')],
  ['worklets/new.ts', value('./protocol.js')],
];

describe('the arrows of the house', () => {
  for (const [file, code] of forbidden)
    it(`hold in ${file}: ${code.split('\n', 1)[0]}`, async () => {
      assert.notDeepEqual(await breaches(file, code), []);
    });

  for (const [file, code] of allowed)
    it(`let pass in ${file}: ${code.split('\n', 1)[0]}`, async () => {
      assert.deepEqual(await breaches(file, code), []);
    });

  it('are drawn for every folder of src', async () => {
    const root = join(import.meta.dirname, '../../src');
    for (const { name } of readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory()))
      assert.deepEqual(await breaches(`src/${name}/new.ts`, value('./beside.js')), [], `src/${name} has no arrow in eslint.config.mjs`);
  });
});

describe('the style of the house', () => {
  const broken = {
    'default exports': 'export default 1;\n',
    enums: 'export enum Colour { Red }\n',
    'private members by keyword': 'export class A {\n  private b = 1;\n}\n',
    'inline styles in templates': 'export const a = (html: (s: TemplateStringsArray) => string) => html`<p style="color: red"></p>`;\n',
    'style elements in templates': 'export const a = (html: (s: TemplateStringsArray) => string) => html`<style></style>`;\n',
  };
  for (const [what, code] of Object.entries(broken))
    it(`has no ${what}`, async () => {
      assert.deepEqual(await breaches('src/view/new.ts', code), ['no-restricted-syntax']);
    });

  it('has no any', async () => {
    const [result] = await eslint.lintText('export const a = (b: any) => b;\n', { filePath: 'src/view/new.ts' });
    assert.ok(result?.messages.some(({ ruleId }) => ruleId === '@typescript-eslint/no-explicit-any'));
  });
});

/** The README's tables name exactly what custom-elements.json names, which is read off the code. */
import { readFileSync } from 'node:fs';
import { rowsOf } from './package/tables.mjs';

const { modules } = JSON.parse(readFileSync('custom-elements.json', 'utf8'));
const element = modules.flatMap(({ declarations = [] }) => declarations).find(({ tagName }) => tagName === 'vc-room');
const attributes = new Set(element.attributes.map(({ name }) => name));
const members = element.members.filter((member) => !member.static);
const names = (items) => new Set(items.map(({ name }) => name));

/** A property that has an attribute is described with it, unless the README says it again. */
const byAttribute = new Set(element.attributes.map(({ fieldName }) => fieldName));
const sections = {
  Attributes: { has: attributes },
  Properties: { has: names(members.filter(({ kind }) => kind === 'field')), may: byAttribute },
  Methods: { has: names(element.members.filter(({ kind }) => kind === 'method')) },
  Events: { has: names(element.events) },
  Parts: { has: names(element.cssParts) },
  Slots: { has: names(element.slots) },
  'Custom properties': { has: names(element.cssProperties) },
  'Custom states': { has: names(element.cssStates) },
};

const wrong = [];
for (const [section, { has }] of Object.entries(sections))
  if (!has.size && section !== 'Slots') wrong.push(`the manifest has no ${section.toLowerCase()}: custom-elements-manifest.config.mjs no longer finds them`);

const tables = new Map(Object.keys(sections).map((section) => [section, rowsOf(section)]));
for (const [section, { has, may = new Set() }] of Object.entries(sections)) {
  const said = tables.get(section);
  if (!said) continue;
  for (const name of said.keys()) if (!has.has(name)) wrong.push(`README, ${section}: \`${name}\` is not in the code`);
  for (const name of has) if (!said.has(name) && !may.has(name)) wrong.push(`README, ${section}: \`${name}\` is missing`);
}

for (const key of ['attributes', 'members', 'events', 'cssParts', 'slots', 'cssProperties', 'cssStates'])
  for (const { name, description } of element[key]) if (!description) wrong.push(`custom-elements.json, ${key}: \`${name}\` has no description`);

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
if (!readFileSync('src/version.ts', 'utf8').includes(`'${version}'`)) wrong.push(`src/version.ts does not name version ${version} of package.json`);

for (const line of wrong) console.error(line);
if (wrong.length) process.exitCode = 1;
else if (![...tables.values()].some(Boolean)) console.log('README.md has no tables of the contract yet.');

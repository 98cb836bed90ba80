/**
 * What editors and type checkers know of the tag: `dist/types/tag.d.ts` for the frameworks' types in `src/frameworks/`, `vscode.html-custom-data.json` and
 * `vscode.css-custom-data.json`. Names come from custom-elements.json, which is read off the code; words and values from the README's tables, which are held to it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { rowsOf, valuesOf } from './tables.mjs';

const { modules } = JSON.parse(readFileSync('custom-elements.json', 'utf8'));
const element = modules.flatMap(({ declarations = [] }) => declarations).find(({ tagName }) => tagName === 'vc-room');

const documented = rowsOf('Attributes');
const attributes = element.attributes.map(({ name, fieldName }) => {
  const [values = '', meaning = ''] = documented.get(name) ?? [];
  return {
    name,
    fieldName,
    values: valuesOf(values).values,
    isBoolean: values === '',
    text: [meaning, values].filter(Boolean).join('\n\n'),
  };
});

const comment = (text) => `  /** ${text.replace(/\s+/g, ' ')} */`;
const withAttribute = new Set(attributes.map(({ fieldName }) => fieldName));
const propertyOnly = element.members.filter(({ kind, name, readonly }) => kind === 'field' && !readonly && !withAttribute.has(name)).map(({ name }) => name);

writeFileSync(
  'dist/types/tag.d.ts',
  `import type { VcRoom, VcRoomEventMap } from './src/index.js';

/** What may stand on the tag. A boolean counts by its presence, whatever its value. */
export interface VcRoomAttributes {
${attributes.map(({ name, fieldName, text }) => `${comment(text)}\n  '${name}'?: ${name === 'volume' ? 'number | `${number}`' : `VcRoom['${fieldName}']`} | undefined;`).join('\n')}
}

/** What no text could say: set as properties. */
export interface VcRoomProperties {
${propertyOnly.map((name) => `  ${name}?: VcRoom['${name}'] | undefined;`).join('\n')}
}

export type VcRoomListeners<Prefix extends string = 'on'> = {
  [Type in keyof VcRoomEventMap as \`\${Prefix}\${Type}\`]?: ((event: VcRoomEventMap[Type]) => void) | undefined;
};
`,
);

write('vscode.html-custom-data.json', {
  version: 1.1,
  tags: [
    {
      name: 'vc-room',
      description: element.summary,
      attributes: attributes.map(({ name, values, isBoolean, text }) => ({
        name,
        description: text,
        ...(values.length > 0 && { values: values.map((value) => ({ name: value })) }),
        ...(isBoolean && { valueSet: 'v' }),
      })),
    },
  ],
});

const properties = rowsOf('Custom properties');
write('vscode.css-custom-data.json', {
  version: 1.1,
  properties: element.cssProperties.map(({ name }) => ({ name, description: properties.get(name)?.[0] ?? '' })),
});

function write(file, content) {
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}

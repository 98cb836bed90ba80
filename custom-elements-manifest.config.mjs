/** The manifest is read off the code that does it: settings, event map, custom states, templates, styles. Doc comments of the class and the README's tables only add the words. */
import { rowsOf, valuesOf } from './test/package/tables.mjs';

const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Lit's and the platform's own, and `role`, which is set on ElementInternals. */
const inherited = new Set([
  'role',
  'adoptedCallback',
  'attributeChangedCallback',
  'connectedCallback',
  'connectedMoveCallback',
  'disconnectedCallback',
  'observedAttributes',
  'render',
  'styles',
  'updated',
]);

/** The texts that `part=${computed}` can become: literals in the expression, or what callers in the same file pass as the first parameter. */
function literalsOf(ts, node, computed) {
  const literals = [...computed.matchAll(/'([\w-]+)'/g)].map(([, literal]) => literal);
  if (literals.length) return literals;
  let maker = node;
  while (maker && !ts.isFunctionDeclaration(maker)) maker = maker.parent;
  if (maker?.parameters[0]?.name.text === computed) {
    const calls = node.getSourceFile().text.matchAll(new RegExp(`(?<![.\\w])${maker.name.text}\\(\\s*'([\\w-]+)'`, 'g'));
    literals.push(...[...calls].map(([, literal]) => literal));
  }
  if (!literals.length) throw new Error(`part=\${${computed}} cannot be read; write the part's name out`);
  return literals;
}

/** Which heading of the README has the words for which list. */
const headings = {
  members: ['Methods', 'Properties'],
  events: ['Events'],
  cssParts: ['Parts'],
  slots: ['Slots'],
  cssProperties: ['Custom properties'],
  cssStates: ['Custom states'],
};

function describe(element) {
  const said = rowsOf('Attributes') ?? new Map();
  for (const attribute of element.attributes) {
    const [cell = '', meaning = ''] = said.get(attribute.name) ?? [];
    const { values, initial } = valuesOf(cell);
    attribute.description ??= [meaning, values.length ? '' : cell].filter(Boolean).join('; ');
    attribute.type ??= { text: values.map((value) => `'${value}'`).join(' | ') || (cell === '' ? 'boolean' : /^\d/.test(cell) ? 'number' : 'string') };
    if (initial !== undefined) attribute.default ??= initial;
  }
  for (const [key, chapters] of Object.entries(headings)) {
    const tables = chapters.map(rowsOf);
    for (const item of element[key]) {
      const [words] = tables.map((table) => table?.get(item.name)).find(Boolean) ?? [];
      const attribute = key === 'members' && element.attributes.find(({ fieldName }) => fieldName === item.name);
      item.description ??= words || (attribute && attribute.description) || undefined;
      if (attribute && !words) item.type ??= attribute.type;
    }
  }
}

function readTheCode() {
  const attributes = new Map();
  const fields = new Set();
  const events = [];
  const states = new Set();
  const parts = new Set();
  const slots = new Set();
  const cssUsed = new Set();
  const cssSet = new Set();

  return {
    name: 'read-the-code',

    analyzePhase({ ts, node, moduleDoc }) {
      const text = () => node.getText();
      const keysOf = (object) => object.properties.map(({ name }) => name.text);

      if (ts.isVariableDeclaration(node) && moduleDoc.path === 'src/settings.ts' && ['settings', 'properties'].includes(text().split(/\W/)[0])) {
        const object = ts.isSatisfiesExpression(node.initializer) ? node.initializer.expression : node.initializer;
        for (const name of keysOf(object)) {
          fields.add(name);
          if (node.name.text === 'settings') attributes.set(kebab(name), name);
        }
      }
      if (moduleDoc.path === 'src/vc-room.ts') {
        if (ts.isPropertyDeclaration(node) && node.name.text === 'observedAttributes')
          for (const [, name] of text().matchAll(/'([a-z-]+)'/g)) attributes.set(name, name);
        if (ts.isCallExpression(node) && /hasAttribute$/.test(node.expression.getText())) attributes.set(node.arguments[0].text, node.arguments[0].text);
        if (ts.isFunctionDeclaration(node) && node.name.text === 'statesOf')
          ts.forEachChild(node.body, (child) => {
            if (ts.isReturnStatement(child)) for (const name of keysOf(child.expression)) states.add(name);
          });
      }
      if (ts.isInterfaceDeclaration(node) && node.name.text === 'VcRoomEventMap')
        for (const { name, type } of node.members) events.push({ name: name.text, type: { text: type.getText() } });
      if (ts.isTaggedTemplateExpression(node)) {
        const source = text();
        for (const [, whole, computed] of source.matchAll(/\spart=(?:"([^"]*)"|\$\{([^}]*)\})/g))
          for (const part of whole?.split(/\s+/) ?? literalsOf(ts, node, computed)) parts.add(part);
        for (const [, name = ''] of source.matchAll(/<slot(?:\s+name="([\w-]+)")?/g)) slots.add(name);
        for (const [, name] of source.matchAll(/var\((--vc-[\w-]+)/g)) cssUsed.add(name);
        for (const [, name] of source.matchAll(/(--vc-[\w-]+)\s*:/g)) cssSet.add(name);
      }
      if (ts.isCallExpression(node) && /style\.setProperty$/.test(node.expression.getText())) cssSet.add(node.arguments[0].text);
    },

    packageLinkPhase({ customElementsManifest }) {
      for (const module of customElementsManifest.modules)
        for (const declaration of module.declarations ?? [])
          if (declaration.members)
            declaration.members = declaration.members.filter(({ name, privacy }) => !name.startsWith('#') && privacy === undefined && !inherited.has(name));

      const element = customElementsManifest.modules.flatMap(({ declarations = [] }) => declarations).find(({ tagName }) => tagName === 'vc-room');
      const camel = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
      const list = (key, names) => {
        const known = new Map((element[key] ?? []).map((item) => [item.name, item]));
        element[key] = [...names].map((name) => known.get(name) ?? { name });
        for (const name of known.keys())
          if (!element[key].some((item) => item.name === name)) throw new Error(`${key}: the doc comment of VcRoom names ${name}, the code does not`);
      };
      list('attributes', attributes.keys());
      for (const attribute of element.attributes) attribute.fieldName = camel(attribute.name);
      list('cssStates', states);
      list('cssParts', parts);
      list('slots', slots);
      list('cssProperties', [...cssUsed].filter((name) => !cssSet.has(name)).sort());
      element.events = events;
      for (const name of fields) if (!element.members.some((member) => member.name === name)) element.members.push({ kind: 'field', name });
      describe(element);
    },
  };
}

export default {
  globs: ['src/vc-room.ts', 'src/face-element.ts', 'src/settings.ts', 'src/events.ts', 'src/*.styles.ts', 'src/view/*.ts', 'src/controls/*.ts'],
  outdir: '.',
  litelement: true,
  packagejson: false,
  plugins: [readTheCode()],
};

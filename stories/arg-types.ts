interface Item {
  readonly name: string;
  readonly description?: string;
  readonly type?: { readonly text: string };
  readonly default?: string;
}

interface Member extends Item {
  readonly kind: string;
  readonly static?: boolean;
}

/** As much of custom-elements.json as is read here. */
interface Declaration extends Readonly<Record<'events' | 'slots' | 'cssProperties' | 'cssParts' | 'cssStates', readonly Item[]>> {
  readonly tagName?: string;
  readonly members: readonly Member[];
  readonly attributes: readonly (Item & { readonly fieldName: string })[];
}

interface Manifest {
  readonly modules: readonly { readonly declarations?: readonly Declaration[] }[];
}

interface ArgType {
  readonly name: string;
  readonly description: string;
  readonly type?: { readonly name: 'string' };
  readonly control: { readonly type: string; readonly min?: number; readonly max?: number; readonly step?: number } | { readonly disable: true };
  readonly options?: readonly string[];
  readonly table: { readonly category: string; readonly type: { readonly summary?: string }; readonly defaultValue: { readonly summary?: string } };
}

const none = { disable: true } as const;

/**
 * Storybook's tables and knobs, for everything that the manifest names. Storybook's own reading lets parts hide slots of the same name and lists
 * attributes twice; here parts are `::part(name)`, states `:state(name)`, and an attribute is one row with its property.
 */
export function argTypesOf(manifest: object, tag: string): Record<string, ArgType> {
  const element = (manifest as Manifest).modules.flatMap(({ declarations = [] }) => declarations).find(({ tagName }) => tagName === tag);
  if (!element) return {};
  const { attributes, members, events, slots, cssProperties, cssParts, cssStates } = element;
  const byAttribute = new Set(attributes.map(({ fieldName }) => fieldName));
  const alone = members.filter((member) => !member.static && !byAttribute.has(member.name));
  const row = (category: string, item: Item, name: string, control: ArgType['control'], options?: readonly string[]): [string, ArgType] => [
    name,
    {
      name,
      description: item.description ?? '',
      control,
      ...(options && { options }),
      table: { category, type: item.type ? { summary: item.type.text } : {}, defaultValue: item.default === undefined ? {} : { summary: item.default } },
    },
  ];
  return Object.fromEntries([
    ...attributes.map((item) => {
      const options = [...(item.type?.text.matchAll(/'([^']+)'/g) ?? [])].map(([, option = '']) => option);
      return row('attributes', item, item.name, controlOf(item, options), options.length ? options : undefined);
    }),
    ...cssProperties.map((item) => row('css custom properties', item, item.name, { type: /gap|radius|font/.test(item.name) ? 'text' : 'color' })),
    ...slots.map((item) => row('slots', item, item.name, { type: 'text' })),
    ...cssParts.map((item) => row('css parts', item, `::part(${item.name})`, { type: 'text' })),
    ...cssStates.map((item) => row('css states', item, `:state(${item.name})`, none)),
    ...alone.filter(({ kind }) => kind === 'field').map((item) => row('properties', item, item.name, none)),
    ...alone.filter(({ kind }) => kind === 'method').map((item) => row('methods', item, `${item.name}()`, none)),
    ...events.map((item) => row('events', item, item.name, none)),
  ]);
}

function controlOf({ name, type }: Item, options: readonly string[]): ArgType['control'] {
  if (options.length) return { type: options.length > 3 ? 'select' : 'inline-radio' };
  if (name === 'volume') return { type: 'range', min: 0, max: 2, step: 0.05 };
  return { type: type?.text === 'boolean' ? 'boolean' : 'text' };
}

import lit from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import wc from 'eslint-plugin-wc';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** What no file of src may contain. */
const house = [
  { selector: 'ExportDefaultDeclaration', message: 'No default exports.' },
  { selector: 'TSEnumDeclaration', message: 'No enums: a union of strings.' },
  { selector: ':matches(PropertyDefinition, MethodDefinition)[accessibility="private"]', message: 'Use #private.' },
  { selector: 'TemplateElement[value.raw=/(\\sstyle=|<style|<script)/]', message: 'A strict CSP forbids inline styles and scripts: use adopted style sheets.' },
];

/** Regular expressions for module specifiers. */
const beside = '\\./[\\w.-]+';
const floor = '\\.\\./room/(suppliers|errors|snapshot)\\.js';
const room = '\\.\\.?/room/\\w+\\.js';
const litModule = 'lit(/.+)?';
const strings = '\\.\\.?/strings/[\\w-]+\\.js';

/**
 * One arrow of the house: what these files may import. Everything that is not named is forbidden.
 * @param values specifiers that may be imported
 * @param types specifiers of which types alone may be imported
 * @param lazy specifiers that may be imported by `import()`
 */
function arrow(files, { values = [], types = [], lazy = [] }) {
  // `(?!)` matches nothing.
  const among = (specifiers) => `(${['(?!)', ...specifiers].join('|')})$`;
  const outside = (specifiers) => `^(?!${among(specifiers)})`;
  return {
    name: `arrow of ${files.join(', ')}`,
    files,
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: outside([...values, ...types]), message: 'This arrow is not in the house (see ARCHITECTURE.md).' }] },
      ],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ regex: outside(values), allowTypeImports: true, message: 'Only types may be imported along this arrow.' }] },
      ],
      'no-restricted-syntax': [
        'error',
        ...house,
        { selector: `ImportExpression:not([source.value=/^${among(lazy).replaceAll('/', '\\u002F')}/])`, message: 'Nothing may be loaded here.' },
      ],
    },
  };
}

const arrows = [
  arrow(['src/**'], {}),
  arrow(['src/define.ts'], { values: ['\\./vc-room\\.js', '\\./index\\.js'] }),
  arrow(['src/index.ts'], {
    values: ['\\./(vc-room|events)\\.js', '\\./room/errors\\.js'],
    types: ['\\./config\\.js', '\\./sound/preview\\.js', room, strings],
  }),
  arrow(['src/vc-room.ts'], {
    values: [
      '\\./(face-element|ahead|load|config|settings|events|version)\\.js',
      '\\./room/(errors|session)\\.js',
      '\\./(sound/press|livekit/load|page/(preferences|resume))\\.js',
      '\\./controls/[\\w-]+\\.js',
    ],
    types: ['\\./compose\\.js', '\\./sound/preview\\.js', room, '\\./view/[\\w-]+\\.js'],
  }),
  arrow(['src/load.ts'], { values: ['\\./chunks\\.js'], lazy: ['\\./compose\\.js'] }),
  arrow(['src/face-element.ts'], {
    values: [litModule, '\\./(chunks|settings|vc-room\\.styles|view/lobby|strings/\\w+)\\.js', '\\./controls/[\\w-]+\\.js'],
    types: [room, '\\./view/[\\w-]+\\.js'],
    lazy: ['\\./view/[\\w-]+\\.js'],
  }),
  arrow(['src/ahead.ts'], {
    values: ['\\./(load|settings)\\.js', '\\./room/timeline\\.js', '\\./(sound/press|page/(network|preferences)|controls/press)\\.js'],
    types: ['\\./compose\\.js', room],
  }),
  arrow(['src/rendered-element.ts'], { values: [litModule] }),
  arrow(['src/chunks.ts'], { values: ['\\./room/errors\\.js'] }),
  arrow(['src/version.ts'], {}),
  arrow(['src/settings.ts'], { values: ['\\./(rendered-element|page/preferences)\\.js'], types: ['\\./config\\.js', room, strings] }),
  arrow(['src/config.ts'], { values: ['\\./(chunks|room/errors)\\.js'], types: ['\\./settings\\.js', room] }),
  arrow(['src/events.ts'], { types: [room] }),
  arrow(['src/compose.ts'], {
    values: [room, '\\./(token|sound|page)/[\\w-]+\\.js', '\\./livekit/load\\.js', '\\./config\\.js'],
    types: ['\\./settings\\.js'],
  }),
  arrow(['src/room/**'], { values: [beside] }),
  arrow(['src/token/**'], { values: [beside, floor, 'idb-keyval'] }),
  arrow(['src/sound/**'], { values: [beside, floor, '\\.\\./\\.\\./worklets/protocol\\.js'] }),
  arrow(['src/page/**'], { values: [beside, floor] }),
  arrow(['src/livekit/**'], { values: [beside, floor] }),
  arrow(['src/livekit/load.ts'], { values: ['\\.\\./chunks\\.js'], lazy: ['\\./livekit-transport\\.js'] }),
  arrow(['src/livekit/livekit-transport.ts'], { values: [beside, floor, 'livekit-client'] }),
  arrow(['src/livekit/first-offer.ts'], { values: [beside, floor], types: ['livekit-client'] }),
  arrow(['src/view/**'], { values: [litModule, beside, strings, '\\.\\./controls/[\\w-]+\\.js'], types: [room, '\\.\\./(settings|sound/preview)\\.js'] }),
  arrow(['src/view/load.ts'], { types: [litModule, 'lit', beside, '\\.\\./controls/[\\w-]+\\.js'], lazy: [beside] }),
  arrow(['src/controls/**'], { values: [litModule, beside, strings, '\\.\\./chunks\\.js'], types: [room, '\\.\\./sound/preview\\.js'] }),
  arrow(['src/controls/settings-state.ts'], { values: [beside, '\\.\\./page/preferences\\.js'], types: [room, '\\.\\./sound/preview\\.js'] }),
  arrow(['src/strings/**'], { values: [beside], types: [room], lazy: [beside] }),
  arrow(['src/vc-room.styles.ts'], { values: ['\\./css\\.js'] }),
  arrow(['src/view/*.styles.ts'], { values: ['\\.\\./css\\.js', beside] }),
  arrow(['worklets/**/*.ts'], { values: [beside] }),
];

export default defineConfig(
  { plugins: { '@typescript-eslint': tseslint.plugin } },
  { ignores: ['dist/', 'node_modules/', '.cache/', 'coverage/', 'storybook-static/', 'src/frameworks/', 'test/examples/types/', 'custom-elements.json'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['src/room/tsconfig.json', 'tsconfig.json', 'worklets/tsconfig.json', 'test/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': ['error', { allow: ['warn'] }],
      'no-param-reassign': 'off',
      'object-shorthand': 'error',
      'prefer-template': 'error',
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-deprecated': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/no-unsafe-declaration-merging': 'off',
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    extends: [lit.configs['flat/recommended'], wc.configs['flat/best-practice'], litA11y.configs.recommended],
    // Safari takes the list out of a <ul> without markers unless it is said again.
    rules: { 'lit-a11y/no-redundant-role': 'off' },
  },
  { files: ['test/**/*.ts', 'demo/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['test/**/*.ts'],
    rules: {
      // `describe` and `it` answer promises that the runner of node:test holds.
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', name: ['describe', 'it', 'test', 'suite'], package: 'node:test' }] },
      ],
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  // The types of @open-wc/testing call every assertion a promise.
  { files: ['test/unit/**/*.ts'], rules: { '@typescript-eslint/no-floating-promises': 'off' } },
  ...arrows,
  { files: ['src/classic.ts'], rules: { 'no-restricted-syntax': ['error', ...house] } },
);

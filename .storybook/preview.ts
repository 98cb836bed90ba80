import { setCustomElementsManifest } from '@storybook/web-components-vite';
import type { Preview } from '@storybook/web-components-vite';
import manifest from '../custom-elements.json';
import { argTypesOf } from '../stories/arg-types.js';
import { StoryRoom } from '../stories/story-room.js';

setCustomElementsManifest(manifest);
if (!customElements.get('vc-room')) customElements.define('vc-room', StoryRoom);

const page = new CSSStyleSheet();
document.adoptedStyleSheets.push(page);

/** What a page around the element decides: colour scheme, direction, size of the text. */
const preview: Preview = {
  tags: ['autodocs'],
  globalTypes: {
    scheme: { description: 'Colour scheme', toolbar: { title: 'Scheme', icon: 'contrast', items: ['light', 'dark'], dynamicTitle: true } },
    direction: { description: 'Direction of the page', toolbar: { title: 'Direction', icon: 'transfer', items: ['ltr', 'rtl'], dynamicTitle: true } },
    text: { description: 'Text size of the page', toolbar: { title: 'Text', icon: 'paragraph', items: ['16px', '20px', '32px', '64px'], dynamicTitle: true } },
  },
  initialGlobals: { scheme: 'light', direction: 'ltr', text: '16px' },
  decorators: [
    (story, { globals }) => {
      const { scheme, direction, text } = globals as Record<'scheme' | 'direction' | 'text', string>;
      document.documentElement.dir = direction;
      page.replaceSync(
        `:root { color-scheme: ${scheme}; background: light-dark(#fff, #17181c); color: light-dark(#1b1c20, #eee) } body { background: none !important; color: inherit !important; font: ${text} system-ui, sans-serif } .docs-story { background: light-dark(#fff, #17181c) }`,
      );
      return story();
    },
  ],
  parameters: {
    layout: 'padded',
    controls: { expanded: true, sort: 'requiredFirst' },
    options: { storySort: { order: ['Make it yours', 'States', 'Layouts', 'Controls', 'Themes', 'Words', 'Live'] } },
    docs: { toc: { headingSelector: 'h2, h3' }, extractArgTypes: (tag: string) => argTypesOf(manifest, tag) },
  },
};

export default preview;

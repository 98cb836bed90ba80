import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { StorybookConfig } from '@storybook/web-components-vite';

const worklets = fileURLToPath(new URL('../dist/worklets', import.meta.url));

const config: StorybookConfig = {
  framework: '@storybook/web-components-vite',
  stories: ['../stories/*.mdx', '../stories/*.stories.ts'],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y'],
  // What the live story's sound needs, from the latest build.
  staticDirs: existsSync(worklets) ? [{ from: worklets, to: '/worklets' }] : [],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
};

export default config;

import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { basicFlags, findBrowser } from './browser.js';

/** A Chromium for pages that neither hear nor speak. */
export function launch(...args: readonly string[]): Promise<Browser> {
  return chromium.launch({ executablePath: findBrowser(), args: [...basicFlags, ...args] });
}

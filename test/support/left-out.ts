import { basename } from 'node:path';
import { it as add } from 'node:test';
import { inFirefox } from './browser.js';

/**
 * What of the end-to-end suite does not run in Firefox, and why: whole files, or tests of a file by their names. Everything else does. A file of which tests are left out
 * has its `it` from here.
 */
export const leftOut: Readonly<Record<string, string | Readonly<Record<string, string>>>> = {
  crowd: 'counts long tasks, of which Firefox does not tell',
  demo: 'tries the demo, which is no part of the element',
  growth: "counts what is alive by Chromium's DevTools",
  looks: 'compares pictures that Chromium has taken',
  matrix: 'is the column of Chromium; `npm run test:matrix` makes that of Firefox',
  'media-features': "emulates by Chromium's DevTools what people ask the system for",
  touch: 'Playwright has neither fingers nor phones for Firefox',
  errors: {
    'lets one join as soon as its other files can be fetched': 'Firefox keeps a module that it could not fetch as lost until the page is reloaded',
  },
  face: {
    'is a group with the name of the room to assistive technology': "reads the accessibility tree by Chromium's DevTools",
  },
  microphone: {
    'joins, hears and says why when the page may not': 'Firefox does not know the header Permissions-Policy',
  },
  pages: {
    'written by document.write joins':
      'the page was loading the same script, and Firefox keeps a module whose fetch was cut as lost until the page is reloaded',
  },
  policies: {
    'keeps the screen awake and copies in a cross-origin iframe that may, as the README says, and in no other':
      'Firefox has no permission clipboard-write: every iframe may copy',
  },
  'push-to-talk': {
    'lets out nothing until it is held, cuts no word at its start, and is silent at the far end within 100 ms of the release':
      'measures by time stamps of MediaStreamTrackProcessor, which Firefox does not have',
  },
  strangers: {
    'stays what it is while one floods it with messages, renames itself, and publishes fifty tracks, video and nonsense':
      "compares processor time by Chromium's DevTools",
  },
};

const ofFile = leftOut[fileOf(process.argv[1] ?? '')] ?? {};
const unmet = new Set(inFirefox ? Object.keys(ofFile) : []);

/** As that of node:test, for all that is not left out in this browser. */
export const it: typeof add = Object.assign(
  ((name: string, ...how: never[]) => (unmet.delete(name) ? Promise.resolve() : add(name, ...how))) as typeof add,
  add,
);

process.once('exit', () => {
  if (unmet.size === 0) return;
  console.error(`There is no such test to leave out: ${[...unmet].join('; ')}`);
  process.exitCode = 1;
});

/** Name of a file of tests, as it stands in the list. */
export function fileOf(path: string): string {
  return basename(path, '.test.ts');
}

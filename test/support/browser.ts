import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether the end-to-end tests run in Firefox (VC_BROWSER=firefox) and not in Chromium. */
export const inFirefox = process.env['VC_BROWSER'] === 'firefox';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge', 'msedge'];

const places: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['/usr/bin/chromium', '/snap/bin/chromium', '/opt/google/chrome/chrome', '/usr/lib/chromium/chromium'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((folder) => {
    const root = process.env[folder];
    return root
      ? [join(root, 'Google/Chrome/Application/chrome.exe'), join(root, 'Chromium/Application/chrome.exe'), join(root, 'Microsoft/Edge/Application/msedge.exe')]
      : [];
  }),
};

/**
 * Path of a Chromium to test with: CHROME_PATH, a known name on PATH, a usual place; a Debian whose root we are gets one by apt.
 * @throws Error that says how to get one
 */
export function findBrowser(): string {
  const wanted = process.env['CHROME_PATH'];
  if (wanted) {
    if (isExecutable(wanted)) return wanted;
    throw new Error(`CHROME_PATH names ${wanted}, which cannot be executed. Correct it, or unset it to let the tests look for a browser.`);
  }
  const found = find(names, places) ?? (installByApt('chromium') ? find(names, places) : undefined);
  if (found) return found;
  throw new Error(
    [
      'The tests need Chromium, Chrome or Edge and found none. Get one of:',
      '  Debian, Ubuntu   sudo apt-get install chromium',
      '  Fedora           sudo dnf install chromium',
      '  macOS            brew install --cask chromium',
      '  Windows          winget install Google.Chrome',
      'or set CHROME_PATH to the executable.',
    ].join('\n'),
  );
}

/**
 * Playwright's own, as of two such switches the later counts, without those of other systems; and the address bar's suggestions, which no test sees and each window
 * loads, for about 1 s of processor time.
 */
const disabledFeatures = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
];

/** Flags of every Chromium of the tests. Root has no sandbox, and containers are root. */
export const basicFlags: readonly string[] = [...(process.platform === 'linux' ? ['--no-sandbox'] : []), `--disable-features=${disabledFeatures.join()}`];

/** Flags under which two pages on one machine, even one without a network, hear each other; `wav` is what a fake microphone plays, in a loop, in place of real devices. */
export function browserFlags(wav?: string): string[] {
  return [
    ...basicFlags,
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    ...(wav === undefined ? [] : ['--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${wav}`]),
    '--allow-loopback-in-peer-connection',
    '--force-webrtc-ip-handling-policy=default_public_interface_only',
  ];
}

/** Path of a program: one of these names on PATH, else at one of these places. */
export function find(programs: readonly string[], elsewhere: Partial<Record<NodeJS.Platform, readonly string[]>> = {}): string | undefined {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const onPath = (process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => (folder ? programs.map((name) => join(folder, name + suffix)) : []));
  return [...onPath, ...(elsewhere[process.platform] ?? [])].find(isExecutable);
}

/** Whether that could be done: on a Debian whose root we are. */
export function installByApt(...packages: readonly string[]): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return false;
  console.log(`Not found: installing it (apt-get install ${packages.join(' ')}) …`);
  const apt = (...args: string[]) =>
    execFileSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 300_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  const install = () => apt('install', '-y', '--no-install-recommends', ...packages);
  try {
    try {
      install();
    } catch {
      apt('update');
      install();
    }
    return true;
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

import type { FaceStrings } from '../strings/en.js';

/** What the browser says of itself. */
interface Agent {
  readonly userAgent: string;
  readonly maxTouchPoints: number;
}

/** How a microphone that `by` keeps back is allowed, in this browser on this system, in words; empty where nobody here can. */
export function wayTo(strings: FaceStrings, by: string, { userAgent, maxTouchPoints }: Agent = navigator): string {
  const isIos = /iPhone|iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
  const system = isIos ? 'ios' : /Android/.test(userAgent) ? 'android' : /Macintosh/.test(userAgent) ? 'mac' : /Windows/.test(userAgent) ? 'windows' : '';
  const browser = /Firefox/.test(userAgent) ? 'firefox' : /Chrom/.test(userAgent) ? 'chromium' : /Safari/.test(userAgent) ? 'safari' : '';
  const words: Readonly<Record<string, string | undefined>> = strings;
  if (by === 'person') return words[`way.person.${isIos || (system === 'android' && browser !== 'firefox') ? system : browser}`] ?? strings['way.person'];
  return by === 'system' ? (words[`way.system.${system}`] ?? strings['way.system']) : '';
}

import type { Listening } from '../room/snapshot.js';
import { prefer, preferences } from './preferences.js';

/** How many people's volumes are kept, the latest. */
const mostPeople = 200;

/** How this person is to be heard at the next visit too; what is not said stays as it was. */
export function preferListening(identity: string, said: Partial<Listening>): void {
  const { [identity]: before, ...others } = rememberedListening();
  const listening = { volume: 1, locallyMuted: false, ...before, ...said };
  const isAsEver = listening.volume === 1 && !listening.locallyMuted;
  const kept = Object.entries(others).slice(isAsEver ? -mostPeople : 1 - mostPeople);
  prefer({ listening: Object.fromEntries(isAsEver ? kept : [...kept, [identity, listening]]) });
}

/** How people were to be heard, by identity. */
export function rememberedListening(): Readonly<Record<string, Listening>> {
  const { listening } = preferences() as { readonly listening?: unknown };
  const all = Object.entries((typeof listening === 'object' && listening ? listening : {}) as Record<string, Partial<Listening> | null>);
  return Object.fromEntries(
    all.flatMap(([identity, kept]) =>
      typeof kept?.volume === 'number' && kept.volume >= 0 && kept.volume <= 2
        ? [[identity, { volume: kept.volume, locallyMuted: kept.locallyMuted === true }] as const]
        : [],
    ),
  );
}

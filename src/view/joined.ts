import { render } from 'lit/html.js';
import type { ReactiveControllerHost } from 'lit';
import { Announcer } from '../controls/announcer.js';
import { Awake } from '../controls/awake.js';
import { Cues } from '../controls/cues.js';
import { Desk } from '../controls/desk.js';
import { isIn } from '../controls/inside.js';
import { Levels } from '../controls/levels.js';
import { Vitals } from '../controls/vitals.js';
import type { Participant } from '../room/snapshot.js';
import type { Statistics } from '../room/suppliers.js';
import { loadTalkKey, panelLoader } from './load.js';
import { controlsStyles } from './controls.styles.js';
import { room } from './room.js';
import { roomStyles } from './room.styles.js';
import type { View } from './view.js';

export { en } from '../strings/en.js';
export { plural } from '../strings/format.js';
export { nameOf } from '../strings/name.js';
export { controls, shortcut } from './controls.js';
export { muteIcon } from './icons.js';
export { isMuted } from './muted.js';
export { notice } from './notice.js';
export { hueOf, initialsOf } from './people.js';
export { people, room } from './room.js';

export const faceStyles = roomStyles + controlsStyles;

/** What the face reads beside the snapshot, where there is a connection. */
export interface Readings {
  levels(): { readonly local: number; readonly remote: ReadonlyMap<string, number> } | null;
  statistics(): Promise<Statistics | null>;
}

/** What of the element counts here. */
type AttendedHost = ReactiveControllerHost & HTMLElement & { readonly wakeLock?: boolean; readonly layout: string; readonly open: boolean };

const nobody: ReadonlyMap<string, number> = new Map();

/** Somebody with one other. */
function asIfIn(view: View): View {
  const { snapshot } = view;
  const person: Participant = {
    identity: '',
    name: '',
    muted: false,
    speaking: false,
    quality: 'unknown',
    connection: 'live',
    listenOnly: false,
    volume: 1,
    locallyMuted: false,
    joinedAt: 0,
  };
  return { ...view, snapshot: { ...snapshot, connectionState: 'joined', localParticipant: person, remoteParticipants: [person] } };
}

/** What a face does besides rendering: says what happens, lets rings follow voices, hears keys, knows what is open, keeps the screen awake. */
export function attend(host: AttendedHost, view: () => View, readings: Readings): Desk {
  // Everything takes several times as long the first time, and then the first sound of the others would wait for it.
  const prepare = (): void => {
    if (!isIn(view().snapshot)) render(room(asIfIn(view())), document.createDocumentFragment());
  };
  if ('requestIdleCallback' in globalThis) requestIdleCallback(prepare);
  else setTimeout(prepare);
  const vitals = new Vitals(host, () => readings.statistics());
  const desk = new Desk(host, panelLoader(view), vitals);
  let isKeyAsked = false;
  const askForKey = async (): Promise<void> => {
    isKeyAsked = true;
    try {
      desk.talkKey = await loadTalkKey(host, view);
      host.requestUpdate();
    } catch {
      isKeyAsked = false;
    }
  };
  let wasIn = isIn(view().snapshot);
  host.addController({
    hostUpdate() {
      const { snapshot } = view();
      if (snapshot.talk !== 'open' && !isKeyAsked) void askForKey();
      vitals.active = snapshot.connectionState === 'joined';
      // Outside and inside are two places, each with what is open in it; and no test of the microphone goes on out of sight.
      if (isIn(snapshot) !== wasIn || (host.layout === 'floating' && !host.open)) desk.clear();
      wasIn = isIn(snapshot);
    },
  });
  new Announcer(host, view);
  new Cues(
    host,
    () => (view().choices.cues === 'on' ? view().snapshot : null),
    (cue) => view().actions.cue(cue),
  );
  new Levels(host, () => readings.levels() ?? { local: desk.level, remote: nobody });
  new Awake(host, () => host.wakeLock === true && isIn(view().snapshot));
  return desk;
}

import { render } from 'lit/html.js';
import type { ReactiveControllerHost } from 'lit';
import { Announcer } from '../controls/announcer.js';
import { Awake } from '../controls/awake.js';
import { Cues } from '../controls/cues.js';
import { Desk } from '../controls/desk.js';
import { isIn } from '../controls/inside.js';
import { Levels } from '../controls/levels.js';
import type { Loudness } from '../controls/levels.js';
import { Vitals } from '../controls/vitals.js';
import { listed, plural } from '../strings/format.js';
import { nameOf } from '../strings/name.js';
import type { Participant } from '../room/snapshot.js';
import type { Statistics } from '../room/suppliers.js';
import { loadTalkKey, panelLoader } from './load.js';
import { controlsStyles } from './controls.styles.js';
import { noticeStyles } from './notice.styles.js';
import { room } from './room.js';
import { roomStyles } from './room.styles.js';
import { rosterStyles } from './roster.styles.js';
import type { View } from './view.js';

export { en } from '../strings/en.js';
export { listed, plural };
export { nameOf };
export { controls, shortcut } from './controls.js';
export { muteIcon } from './icons.js';
export { isMuted } from './muted.js';
export { notice } from './notice.js';
export { hueOf, initialsOf } from './people.js';
export { people, room } from './room.js';

/** What holds for all of them comes last: fingers need more than a notice gives its button. */
export const faceStyles = rosterStyles + noticeStyles + controlsStyles + roomStyles;

/** What the face reads beside the snapshot, where there is a connection. */
export interface Readings {
  levels(): Loudness | null;
  statistics(): Promise<Statistics | null>;
}

/** What of the element counts here. */
type AttendedHost = ReactiveControllerHost &
  HTMLElement & { readonly wakeLock?: boolean; readonly room: string; readonly layout: string; readonly open: boolean };

/** As many are named before one is in. */
const named = 3;

const nobody: ReadonlyMap<string, number> = new Map();

/** Somebody with one other, as far as it shows. */
function asIfIn(view: View): View {
  const { snapshot } = view;
  const person = { identity: '', name: '', volume: 1 } as Participant;
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
  desk.here = () => {
    const here = readings.levels()?.here ?? [];
    const { strings } = view();
    const names = here.slice(0, named).map((person) => nameOf(person, strings.someone));
    const rest = here.length - named;
    return here.length ? `${strings.roster}: ${listed(names, strings.locale)}${rest > 0 ? ` +${rest}` : ''}` : '';
  };
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
      desk.room = snapshot.connectionState === 'idle' ? null : (desk.room ?? host.room);
      vitals.active = snapshot.connectionState === 'joined';
      if (isIn(snapshot) !== wasIn) desk.caption = '';
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

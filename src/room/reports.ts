import { same } from './machine.js';
import type { Patch } from './machine.js';
import { heardAs } from './snapshot.js';
import type { Participant, RoomSnapshot } from './snapshot.js';
import type { ConnectionReport, Person, SoundReport } from './suppliers.js';

/** Reports that change what we know and not where we are. */
export type DataReport = Exclude<ConnectionReport | SoundReport, { type: 'track' | 'negotiated' | 'resuming' | 'resumed' | 'ended' }>;

/** What a report changes in the snapshot. Pure and total. */
export function patchFor(now: RoomSnapshot, report: DataReport): Patch {
  switch (report.type) {
    case 'participants': {
      const before = new Map(now.remoteParticipants.map((person) => [person.identity, person]));
      const said = new Map(report.participants.map((person) => [person.identity, person]));
      // Of those who joined at the same time, who is here keeps their place.
      const stayed = [...before.keys()].flatMap((identity) => said.get(identity) ?? []);
      const came = report.participants.filter(({ identity }) => !before.has(identity));
      const inOrder = [...stayed, ...came].sort((a, b) => a.joinedAt - b.joinedAt);
      return { remoteParticipants: inOrder.map((person) => participant(now, person, before.get(person.identity))) };
    }
    case 'standby':
      return { standbyCount: report.identities.length };
    case 'local':
      return { localParticipant: participant(now, report.person, now.localParticipant) };
    case 'speakers': {
      const speaking = new Set(report.identities);
      const mark = (person: Participant) => same(person, { ...person, speaking: speaking.has(person.identity) });
      return { localParticipant: now.localParticipant && mark(now.localParticipant), remoteParticipants: now.remoteParticipants.map(mark) };
    }
    case 'capture':
      // Whatever else goes wrong inside a room ends the stay: an error that is there is one of the microphone's.
      return { capture: report.capture, error: report.error ?? (report.capture === 'open' ? null : now.error) };
    case 'playback':
      return { playbackBlocked: report.blocked };
    case 'noisesuppression':
      return { activeNoiseSuppression: report.active };
    case 'devices':
      // New objects each time: the list of devices may have changed and this one not.
      return { inputDevice: report.input && Object.freeze({ ...report.input }), deviceList: Object.freeze({}) };
    case 'output':
      return { outputDevice: report.device };
    case 'hint':
      return { microphoneHint: report.hint };
  }
}

function participant(now: RoomSnapshot, person: Person, before: Participant | null | undefined): Participant {
  return same(before, { speaking: before?.speaking ?? false, ...heardAs(now, person.identity), ...person });
}

import type { Participant, RoomSnapshot } from '../room/snapshot.js';
import { explain } from '../strings/explain.js';
import type { FaceStrings } from '../strings/en.js';
import { format, plural } from '../strings/format.js';
import { nameOf } from '../strings/name.js';
import { crowd } from './cues.js';
import { isIn } from './inside.js';
import type { Ailment } from './vitals.js';

/** More names than this at once are told as a number. */
const most = 3;

/**
 * What somebody who cannot see the face must be told, now that `before` has become `now`; what came and went in between is not told. `null`: nothing was told yet.
 * `show` gets who came and went, for who cannot hear it.
 */
export function announcements(before: RoomSnapshot | null, now: RoomSnapshot, strings: FaceStrings, show: (caption: string) => void): string[] {
  const wasIn = before !== null && isIn(before);
  const said: string[] = [];
  if (now.connectionState === 'joining' && now.step && now.step !== before?.step) said.push(strings[`step.${now.step}`]);
  if (isIn(now)) {
    if (!wasIn) said.push(strings['say.entered'], plural(strings.people, now.remoteParticipants.length + 1, strings.locale));
    else {
      const moved = moves(before, now, strings);
      said.push(...moved);
      if (moved.length) show(moved.join(' '));
      if (now.deafened !== before.deafened) said.push(strings[now.deafened ? 'say.deafened' : 'say.undeafened']);
      // As it sounds.
      if (now.micMuted !== before.micMuted && now.capture === 'open') said.push(strings[now.micMuted ? 'say.muted' : 'say.unmuted']);
    }
    if (now.connectionState === 'reconnecting' && before?.connectionState !== 'reconnecting') said.push(strings['notice.reconnecting']);
    if (now.connectionState === 'joined' && before?.connectionState === 'reconnecting') said.push(strings['say.restored']);
    if (now.playbackBlocked && !before?.playbackBlocked) said.push(strings['notice.playback']);
    if (now.microphoneHint === 'silent' && before?.microphoneHint !== 'silent') said.push(strings['notice.silent']);
    if (isTalkingMuted(now) && !(before && isTalkingMuted(before))) said.push(strings['notice.talking']);
  } else if (wasIn && !now.error) said.push(strings['say.left']);
  const trouble = now.error && now.error !== before?.error && troubleOf(now);
  if (trouble) said.push(explain(strings, trouble));
  return said;
}

/**
 * What is wrong, as the words know it. A microphone that failed in a way of its own inside a room is one that cannot be used: that the browser is too old
 * or something unexpected happened would be said of the call.
 */
export function troubleOf({ error, microphone }: RoomSnapshot): { readonly code: string; readonly reason: string } | null {
  const isMicrophone = microphone === 'blocked' || microphone === 'missing';
  return isMicrophone && (!error || error.code === 'unsupported' || error.code === 'unknown') ? { code: `mic-${microphone}`, reason: '' } : error;
}

/** What ails the connection, the cause where it is known. */
export function weaknessOf({ connectionState, localParticipant: me }: RoomSnapshot, ailment: Ailment | null): Ailment | 'weak' | null {
  if (connectionState !== 'joined') return null;
  return ailment ?? (me?.quality === 'poor' || me?.quality === 'lost' ? 'weak' : null);
}

/** Who talks with the push-to-talk key up means to. */
export function isTalkingMuted({ microphoneHint, micMuted }: RoomSnapshot): boolean {
  return microphoneHint === 'talking-while-muted' && micMuted;
}

/** In larger rooms somebody always comes or goes. */
export function isCrowd({ remoteParticipants }: RoomSnapshot): boolean {
  return remoteParticipants.length > crowd;
}

function moves(before: RoomSnapshot, now: RoomSnapshot, strings: FaceStrings): string[] {
  const tell = (text: string, people: readonly Participant[]): string[] => {
    if (!people.length) return [];
    const names =
      people.length > most || isCrowd(now)
        ? plural(strings.people, people.length, strings.locale)
        : new Intl.ListFormat(strings.locale).format(people.map((person) => nameOf(person, strings.someone)));
    return [format(text, { names })];
  };
  return [
    ...tell(strings['say.joined'], without(now.remoteParticipants, before.remoteParticipants)),
    ...tell(strings['say.gone'], without(before.remoteParticipants, now.remoteParticipants)),
  ];
}

function without(people: readonly Participant[], others: readonly Participant[]): Participant[] {
  const known = new Set(others.map(({ identity }) => identity));
  return people.filter(({ identity }) => !known.has(identity));
}

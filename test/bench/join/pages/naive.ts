import { Room, RoomEvent } from 'livekit-client';
import { askForGrant, onJoin, showJoined } from './baseline.js';

/** The first example of livekit-client's README. */
onJoin(async () => {
  const { server_url, participant_token } = await askForGrant();
  const room = new Room();
  room.on(RoomEvent.TrackSubscribed, (track) => document.body.append(track.attach()));
  await room.connect(server_url, participant_token);
  showJoined();
  await room.localParticipant.setMicrophoneEnabled(true);
  return () => room.disconnect();
});

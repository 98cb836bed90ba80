import { LocalAudioTrack, Room, RoomEvent, Track } from 'livekit-client';
import type { LocalTrack } from 'livekit-client';

/** The far end: somebody who is there already, talks without a pause and listens. */

/** A sawtooth that moves in pitch and loudness but never stops, so that the first sample that arrives is loud. */
function talk(context: AudioContext): MediaStreamTrack {
  const voice = new OscillatorNode(context, { type: 'sawtooth', frequency: 330 });
  const loudness = new GainNode(context, { gain: 0.3 });
  const modulation = new OscillatorNode(context, { frequency: 5 });
  modulation.connect(new GainNode(context, { gain: 30 })).connect(voice.frequency);
  modulation.connect(new GainNode(context, { gain: 0.1 })).connect(loudness.gain);
  const destination = context.createMediaStreamDestination();
  voice.connect(loudness).connect(destination);
  voice.start();
  modulation.start();
  return destination.stream.getAudioTracks()[0]!;
}

const room = new Room({ publishDefaults: { dtx: false } });

window.far = {
  async enter(url, token) {
    room.on(RoomEvent.TrackSubscribed, (track) => track.attach());
    room.on(RoomEvent.TrackUnsubscribed, (track) => track.detach());
    await room.connect(url, token);
    const context = new AudioContext({ sinkId: { type: 'none' }, sampleRate: 48_000 } as AudioContextOptions);
    await room.localParticipant.publishTrack(new LocalAudioTrack(talk(context), undefined, true) as LocalTrack, { source: Track.Source.Microphone });
  },
  others: () => room.remoteParticipants.size,
};

declare global {
  interface Window {
    far: { enter(url: string, token: string): Promise<void>; others(): number };
  }
}

import { LocalAudioTrack, Room, RoomEvent, Track } from 'livekit-client';
import type { LocalTrack } from 'livekit-client';
import { askForGrant, onJoin, showJoined } from './baseline.js';

/** Hands the microphone through: what a real denoiser adds is left out, in this flow's favour. */
const processor = `registerProcessor('pipeline', class extends AudioWorkletProcessor {
  process([input], [output]) { if (input[0]) output[0].set(input[0]); return true; }
});`;

async function pipeline(microphone: MediaStream): Promise<{ track: MediaStreamTrack; close: () => void }> {
  const context = new AudioContext({ sampleRate: 48_000 });
  await context.audioWorklet.addModule(URL.createObjectURL(new Blob([processor], { type: 'text/javascript' })));
  const destination = context.createMediaStreamDestination();
  context.createMediaStreamSource(microphone).connect(new AudioWorkletNode(context, 'pipeline')).connect(destination);
  return { track: destination.stream.getAudioTracks()[0]!, close: () => void context.close() };
}

/** The flow of the memo that this project began with: [token, microphone, wasm], then [connect, pipeline], then publishTrack. */
onJoin(async () => {
  const room = new Room();
  room.on(RoomEvent.TrackSubscribed, (track) => document.body.append(track.attach()));
  const [grant, microphone] = await Promise.all([
    askForGrant(),
    navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, autoGainControl: true, noiseSuppression: false } }),
    WebAssembly.compileStreaming(fetch('/rnnoise.wasm')),
  ]);
  const [{ track, close }] = await Promise.all([pipeline(microphone), room.connect(grant.server_url, grant.participant_token)]);
  showJoined();
  await room.localParticipant.publishTrack(new LocalAudioTrack(track, undefined, true) as LocalTrack, { source: Track.Source.Microphone });
  return async () => {
    await room.disconnect();
    close();
    for (const input of microphone.getTracks()) input.stop();
  };
});

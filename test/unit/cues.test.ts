import { expect } from '@open-wc/testing';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { Cues, cueBetween } from '../../src/controls/cues.js';
import { initialSnapshot } from '../../src/room/snapshot.js';
import type { Participant, RoomSnapshot } from '../../src/room/snapshot.js';
import { CuePlayer } from '../../src/sound/cues.js';
import { fixtures } from '../../stories/fixtures.js';

const alone: RoomSnapshot = fixtures.alone.snapshot;
const people = fixtures['fifty people'].snapshot.remoteParticipants;
const with_ = (...others: readonly Participant[]): RoomSnapshot => ({ ...alone, remoteParticipants: others });

describe('cueBetween', () => {
  it('tells of my entering, of who comes and goes, and of my microphone', () => {
    const [ada, ben] = people as [Participant, Participant];
    expect(cueBetween(initialSnapshot, alone)).to.equal('entered');
    expect(cueBetween(with_(ada), with_(ada, ben))).to.equal('joined');
    expect(cueBetween(with_(ada, ben), with_(ben))).to.equal('gone');
    expect(cueBetween(alone, { ...alone, micMuted: true })).to.equal('muted');
    expect(cueBetween({ ...alone, micMuted: true }, alone)).to.equal('unmuted');
    expect(cueBetween(with_(ada), with_({ ...ada, speaking: true }))).to.equal(null);
  });

  it('is silent outside, while deafened, while the connection comes back, and about crowds', () => {
    const [ada] = people as [Participant];
    expect(cueBetween(alone, initialSnapshot)).to.equal(null);
    expect(cueBetween({ ...alone, deafened: true }, { ...with_(ada), deafened: true })).to.equal(null);
    expect(cueBetween({ ...alone, connectionState: 'reconnecting' }, with_(ada))).to.equal(null);
    expect(cueBetween(with_(...people.slice(1)), with_(...people))).to.equal(null);
  });
});

describe('Cues', () => {
  it('makes one sound of a crowd that comes', () => {
    const played: string[] = [];
    let now: RoomSnapshot | null = with_();
    let controller: ReactiveController = {};
    const host = { addController: (one: ReactiveController) => (controller = one) } as unknown as ReactiveControllerHost;
    new Cues(
      host,
      () => now,
      (cue) => played.push(cue),
    );
    controller.hostUpdated?.();
    for (let count = 1; count < 20; count++) {
      now = with_(...people.slice(0, count));
      controller.hostUpdated?.();
    }
    expect(played).to.deep.equal(['joined']);
    now = null;
    controller.hostUpdated?.();
    now = alone;
    controller.hostUpdated?.();
    expect(played).to.deep.equal(['joined']);
  });
});

describe('CuePlayer', () => {
  it('sounds softly through an element, and leaves nothing behind', async () => {
    const context = new AudioContext();
    await context.resume();
    const streams: MediaStream[] = [];
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = function (this: HTMLAudioElement) {
      streams.push(this.srcObject as MediaStream);
      return play.call(this);
    };
    const player = new CuePlayer(context);
    player.play('joined', 0);
    player.play('joined', 1);
    player.play('joined', 1);
    HTMLMediaElement.prototype.play = play;
    expect(streams.length).to.equal(1);
    const analyser = new AnalyserNode(context);
    new MediaStreamAudioSourceNode(context, { mediaStream: streams[0]! }).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let peak = 0;
    while (peak < 0.01) {
      await new Promise(requestAnimationFrame);
      analyser.getFloatTimeDomainData(samples);
      peak = Math.max(...samples.map(Math.abs));
    }
    expect(peak).to.be.below(0.1);
    player.close();
    player.close();
    await context.close();
  });
});

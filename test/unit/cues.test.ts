import { expect } from '@open-wc/testing';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { Cues, cueBetween } from '../../src/controls/cues.js';
import { initialSnapshot } from '../../src/room/snapshot.js';
import type { Participant, RoomSnapshot } from '../../src/room/snapshot.js';
import type { Cue } from '../../src/room/suppliers.js';
import { CuePlayer } from '../../src/sound/cues.js';
import { announcements } from '../../src/controls/announcements.js';
import { en } from '../../src/strings/en.js';
import { clear, show } from '../support/face.js';
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

describe('every cue', () => {
  const [ada, ben] = people as [Participant, Participant];
  const muted: RoomSnapshot = { ...fixtures.muted.snapshot, remoteParticipants: [] };
  const moments: Readonly<Record<Exclude<Cue, 'test'>, readonly [before: RoomSnapshot, now: RoomSnapshot]>> = {
    entered: [initialSnapshot, alone],
    joined: [with_(ada), with_(ada, ben)],
    gone: [with_(ada, ben), with_(ada)],
    muted: [alone, muted],
    unmuted: [muted, alone],
  };

  for (const [cue, [before, now]] of Object.entries(moments))
    it(`can be read and is announced: ${cue}`, async () => {
      expect(cueBetween(before, now)).to.equal(cue);
      expect(announcements(before, now, en, () => undefined)).to.not.deep.equal([]);
      for (const layout of ['inline', 'compact', 'floating']) {
        const face = await show({ snapshot: before, title: '' }, 'inline-size: 480px', { layout });
        while (!face.shadowRoot?.querySelector('.face, .shell')) await new Promise(requestAnimationFrame);
        await face.updateComplete;
        const seen = (): string => face.shadowRoot!.querySelector('.face, .shell')!.innerHTML.replaceAll(/<!--.*?-->/g, '');
        const was = seen();
        face.fixture = { snapshot: now, title: '' };
        await face.updateComplete;
        expect(seen(), layout).to.not.equal(was);
        clear();
      }
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
    for (const volume of [0, 1, 1]) void player.play('joined', volume);
    HTMLMediaElement.prototype.play = play;
    expect(streams.length).to.equal(1);
    const analyser = new AnalyserNode(context, { fftSize: 32_768 });
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

import { expect } from '@open-wc/testing';
import { fixtures } from '../../stories/fixtures.js';
import type { Fixture } from '../../stories/fixtures.js';
import { announcements } from '../../src/controls/announcements.js';
import { english as en } from '../../stories/english.js';
import { clear, part, show } from '../support/face.js';
import { until } from '../support/until.js';

afterEach(clear);

const say = (before: Fixture | null, now: Fixture): string => announcements(before?.snapshot ?? null, now.snapshot, en, () => undefined).join(' ');
const { alone, lobby, reconnecting, removed } = fixtures;
const three = fixtures['three people, one speaking'];
const fifty = fixtures['fifty people'];

describe('announcements', () => {
  it('says each step on the way in, and who is there', () => {
    expect(say(lobby, fixtures['joining, asking'])).to.equal('Asking to come in…');
    expect(say(fixtures['joining, connecting'], three)).to.equal('You are in the room. 3 people');
  });

  it('says who comes and who goes, by name or by number', () => {
    expect(say(alone, three)).to.equal('Ada Lovelace and Ben Okafor joined.');
    expect(say(three, alone)).to.equal('Ada Lovelace and Ben Okafor left.');
    expect(say(alone, fifty)).to.equal('49 people joined.');
  });

  it('says trouble when it comes and when it is over', () => {
    expect(say(three, reconnecting)).to.equal('Connection lost. Reconnecting…');
    expect(say(reconnecting, three)).to.equal('Connected again.');
    expect(say(three, fixtures['tap to hear'])).to.equal('Your browser holds the sound back.');
    expect(say(three, fixtures['no microphone'])).to.equal(en['error.mic-missing']);
  });

  it('says what people would not notice: a silent microphone, talking while muted', () => {
    expect(say(three, fixtures['silent microphone'])).to.equal(en['notice.silent']);
    expect(say(fixtures.muted, fixtures['talking while muted'])).to.equal(en['notice.talking']);
  });

  it('says how it ended', () => {
    expect(say(three, lobby)).to.equal('You left the room.');
    expect(say(three, removed)).to.equal('You were removed from this room.');
    expect(say(null, fixtures['page not secure'])).to.equal(en['error.insecure-context']);
  });

  it('says that my microphone is off and on again, as it sounds', () => {
    expect(say(three, fixtures.muted)).to.equal(en['say.muted']);
    expect(say(fixtures.muted, three)).to.equal(en['say.unmuted']);
    expect(say(fixtures['listening only'], fixtures['listening only'])).to.equal('');
  });

  it('says that the sound is off and on again', () => {
    expect(say(fixtures.muted, fixtures.deafened)).to.equal(en['say.deafened']);
    expect(say(three, fixtures.deafened)).to.equal(`${en['say.deafened']} ${en['say.muted']}`);
    expect(say(fixtures.deafened, three)).to.equal(`${en['say.undeafened']} ${en['say.unmuted']}`);
  });

  it('tells a crowd by number', () => {
    const fewer = { ...fifty, snapshot: { ...fifty.snapshot, remoteParticipants: fifty.snapshot.remoteParticipants.slice(1) } };
    expect(say(fewer, fifty)).to.equal('1 person joined.');
  });

  it('is silent about speaking and what was said before', () => {
    expect(say(null, lobby)).to.equal('');
    expect(say(three, fixtures['I speak'])).to.equal('');
    expect(say(removed, removed)).to.equal('');
  });
});

describe('Announcer', () => {
  it('has one polite region that stands before the words and outlives every state', async () => {
    const face = await show(lobby);
    const regions = face.shadowRoot!.querySelectorAll('[role=status], [role=alert], [aria-live]');
    expect(regions.length).to.equal(1);
    expect(regions[0]!.textContent).to.equal('');
    for (const fixture of Object.values<Fixture>(fixtures)) {
      face.fixture = fixture;
      await face.updateComplete;
      expect(face.shadowRoot!.querySelector('[role=status]')).to.equal(regions[0]);
    }
  });

  it('says at once what happens at once, and not what came and went in between', async () => {
    const face = await show(three);
    const region = face.shadowRoot!.querySelector('[role=status]')!;
    await until(() => region.textContent);
    for (const fixture of [reconnecting, alone, three, fifty, three, alone, reconnecting]) {
      face.fixture = fixture;
      await face.updateComplete;
    }
    const said: (string | null)[] = [];
    const done = new Promise<void>((resolve) => {
      new MutationObserver(() => {
        said.push(region.textContent);
        resolve();
      }).observe(region, { childList: true });
    });
    await done;
    expect(said).to.deep.equal(['Connection lost. Reconnecting…']);
  });

  it('says what ails the connection, once', async () => {
    const face = await show(three);
    const region = face.shadowRoot!.querySelector('[role=status]')!;
    await until(() => region.textContent);
    face.fixture = fixtures['weak connection'];
    await until(() => region.textContent?.includes(en['notice.weak']));
    face.fixture = fixtures['talking while muted'];
    await until(() => region.textContent?.includes(en['notice.talking']));
    expect(region.textContent).not.to.contain(en['notice.weak']);
  });

  it('shows for a while who came or went, where the people are counted, and moves nothing', async () => {
    const later: (() => void)[] = [];
    const real = window.setTimeout;
    window.setTimeout = ((run: (...args: unknown[]) => void, ms: number, ...args: unknown[]) =>
      ms === 5000 ? later.push(() => run(...args)) : real(run, ms, ...args)) as typeof window.setTimeout;
    try {
      const face = await show(alone);
      const region = face.shadowRoot!.querySelector('[role=status]')!;
      const count = (): string => part(face, 'count').textContent.trim();
      const places = (): string => JSON.stringify([face, part(face, 'title'), part(face, 'controls')].map((element) => element.getBoundingClientRect()));
      await until(() => region.textContent);
      expect(count()).to.equal('1 person');
      const before = places();
      face.fixture = three;
      await until(() => count() === 'Ada Lovelace and Ben Okafor joined.');
      expect(places()).to.equal(before);
      for (const end of later.splice(0)) end();
      await face.updateComplete;
      expect(count()).to.equal('3 people');
      expect(places()).to.equal(before);
      face.fixture = alone;
      await until(() => count() === 'Ada Lovelace and Ben Okafor left.');
      // Another room, or none: nobody came there.
      face.fixture = lobby;
      await face.updateComplete;
      face.fixture = three;
      await face.updateComplete;
      expect(count()).to.equal('3 people');
    } finally {
      window.setTimeout = real;
    }
  });

  it('shows nothing of it in a crowd, in which somebody always comes or goes', async () => {
    const face = await show(three);
    const region = face.shadowRoot!.querySelector('[role=status]')!;
    await until(() => region.textContent);
    face.fixture = fifty;
    await until(() => region.textContent?.includes('joined.'));
    await face.updateComplete;
    expect(part(face, 'count').textContent.trim()).to.equal('50 people');
  });

  it('tells a storm in a crowd as one number at a time, and everything else at once', async () => {
    const later: (() => void)[] = [];
    const real = window.setTimeout;
    window.setTimeout = ((run: (...args: unknown[]) => void, ms: number, ...args: unknown[]) =>
      ms === 10_000 ? later.push(() => run(...args)) : real(run, ms, ...args)) as typeof window.setTimeout;
    const now = performance.now.bind(performance);
    let ahead = 0;
    // Before the face is made, which keeps the clock that it finds.
    performance.now = () => now() + ahead;
    try {
      const crowdOf = (count: number, more: object = {}): Fixture => ({
        ...fifty,
        snapshot: { ...fifty.snapshot, remoteParticipants: fifty.snapshot.remoteParticipants.slice(0, count), ...more },
      });
      const face = await show(crowdOf(30));
      const region = face.shadowRoot!.querySelector('[role=status]')!;
      await until(() => region.textContent);
      const said = [region.textContent];
      new MutationObserver(() => said.push(region.textContent)).observe(region, { childList: true });
      face.fixture = crowdOf(31);
      await until(() => said.length === 2);
      face.fixture = crowdOf(35);
      await face.updateComplete;
      face.fixture = crowdOf(40, { micMuted: true });
      await until(() => said.length === 3);
      ahead = 10_000;
      for (const end of later.splice(0)) end();
      await until(() => said.length === 4);
      expect(said).to.deep.equal(['You are in the room. 31 people', '1 person joined.', en['say.muted'], '9 people joined.']);
    } finally {
      window.setTimeout = real;
      performance.now = now;
    }
  });

  it('does not lose what it was about to say when the element is moved', async () => {
    const face = await show(three);
    const region = face.shadowRoot!.querySelector('[role=status]')!;
    await until(() => region.textContent);
    face.fixture = alone;
    await face.updateComplete;
    document.body.append(face);
    await until(() => region.textContent === 'Ada Lovelace and Ben Okafor left.');
  });

  it('waits for a loss to matter, also when it was about to say something else', async () => {
    const face = await show(three);
    const region = face.shadowRoot!.querySelector('[role=status]')!;
    await until(() => region.textContent);
    const before = region.textContent;
    face.fixture = alone;
    await face.updateComplete;
    const lostAt = performance.now();
    face.fixture = reconnecting;
    await face.updateComplete;
    await until(() => region.textContent !== before);
    expect(region.textContent).to.contain('Connection lost. Reconnecting…');
    expect(performance.now() - lostAt).to.be.at.least(999);
  });

  it('leaves to the mute button what is heard from it', async () => {
    const face = await show(three);
    const region = face.shadowRoot!.querySelector('[role=status]')!;
    await until(() => region.textContent);
    part(face, 'mute-button').focus();
    face.fixture = fixtures.muted;
    await face.updateComplete;
    face.fixture = { ...fixtures.muted, snapshot: { ...fixtures.muted.snapshot, remoteParticipants: [] } };
    await until(() => region.textContent?.includes('left'));
    expect(region.textContent).not.to.contain(en['say.muted']);
    part(face, 'leave-button').focus();
    face.fixture = alone;
    await until(() => region.textContent === en['say.unmuted']);
    part(face, 'deafen-button').focus();
    face.fixture = fixtures.deafened;
    await until(() => region.textContent?.includes(en['say.muted']));
    expect(region.textContent).not.to.contain(en['say.deafened']);
  });

  it('comes back with the element', async () => {
    const face = await show(lobby);
    const region = face.shadowRoot!.querySelector('[role=status]')!;
    face.remove();
    document.body.append(face);
    face.fixture = three;
    await until(() => region.textContent === 'You are in the room. 3 people');
    expect(face.shadowRoot!.querySelectorAll('[role=status]').length).to.equal(1);
  });
});

import { expect } from '@open-wc/testing';
import { fixtures } from '../../stories/fixtures.js';
import { clear, show } from '../support/face.js';
import type { FaceElement } from '../support/face.js';
import { until } from '../support/until.js';

afterEach(clear);

const levels = (face: FaceElement): string[] =>
  [...face.shadowRoot!.querySelectorAll<HTMLElement>('[part~=participant]')].map((row) => row.style.getPropertyValue('--vc-level'));
const frames = async (count: number): Promise<void> => {
  for (let frame = 0; frame < count; frame++) await new Promise(requestAnimationFrame);
};
const three = fixtures['three people, one speaking'];

describe('Levels', () => {
  it('writes how loud each voice is on its own row, if it speaks', async () => {
    const { localParticipant } = three.snapshot;
    const snapshot = { ...three.snapshot, localParticipant: localParticipant && { ...localParticipant, speaking: true } };
    const face = await show({ ...three, snapshot, levels: { 'identity-Ada Lovelace': 0.25, 'identity-Ben Okafor': 0.5, 'identity-Cleo': 1 } });
    await until(() => levels(face)[1]);
    expect(levels(face)).to.deep.equal(['1', '0.8', '']);
  });

  it('knows voices by identity, whatever characters it has', async () => {
    const { snapshot } = fixtures['hostile names'];
    const remoteParticipants = snapshot.remoteParticipants.map((person) => ({ ...person, speaking: true }));
    const face = await show({ ...fixtures['hostile names'], snapshot: { ...snapshot, remoteParticipants }, levels: { '"] *{display:none}': 0.25 } });
    await until(() => levels(face).some(Boolean));
    expect(levels(face).map(Boolean).indexOf(true)).to.equal(2);
    expect(levels(face).filter(Boolean).length).to.equal(1);
  });

  it('comes to rest when a voice ends', async () => {
    const face = await show({ ...three, levels: { 'identity-Ada Lovelace': 0.5 } });
    await until(() => levels(face)[1] === '1');
    face.fixture = { ...three, levels: {} };
    await until(() => levels(face)[1] === '0');
  });

  it('follows at most about fifteen times a second, without rendering', async () => {
    let loudness = 0;
    const face = await show({
      ...three,
      get levels() {
        return { 'identity-Ada Lovelace': (loudness = 0.3 - loudness) };
      },
    });
    await until(() => levels(face)[1]);
    let renders = 0;
    let writes = 0;
    face.addController({ hostUpdated: () => void renders++ });
    new MutationObserver(() => void writes++).observe(face.shadowRoot!, { subtree: true, attributeFilter: ['style'] });
    const start = performance.now();
    await frames(40);
    const seconds = (performance.now() - start) / 1000;
    expect(writes).to.be.within(1, Math.ceil(15 * seconds) + 2);
    expect(renders).to.equal(0);
  });

  it('rests while nobody sees it, in the lobby, and outside the document', async () => {
    let asked = 0;
    const counting = (fixture: typeof three): typeof three => ({
      ...fixture,
      get levels() {
        asked++;
        return {};
      },
    });
    const face = await show(counting(three), 'display: block; margin-top: 400vh');
    const hidden = asked;
    await frames(20);
    expect(asked).to.equal(hidden);
    face.style.marginTop = '0';
    await until(() => asked > hidden);
    face.fixture = counting(fixtures.lobby);
    await face.updateComplete;
    let [lobby, renders] = [asked, 0];
    face.addController({ hostUpdated: () => void renders++ });
    await frames(20);
    // It asks who is in, once a render.
    expect(asked).to.equal(lobby + renders);
    lobby = asked;
    face.fixture = counting(three);
    await until(() => asked > lobby);
    face.remove();
    const removed = asked;
    await frames(20);
    expect(asked).to.equal(removed);
  });
});

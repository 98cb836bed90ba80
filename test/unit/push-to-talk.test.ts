import { expect } from '@open-wc/testing';
import { sendKeys, sendMouse } from '@web/test-runner-commands';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { combinationOf, labelOf, readKeyboard } from '../../src/controls/keys.js';
import { PushToTalk } from '../../src/controls/push-to-talk.js';
import type { PushToTalkSettings } from '../../src/controls/push-to-talk.js';
import { KeyRecorder } from '../../src/controls/recorder.js';
import { english as en } from '../../stories/english.js';
import { wordsOf } from '../../src/strings/languages.js';

describe('PushToTalk', () => {
  let host: HTMLDivElement & ReactiveControllerHost;
  let controller: ReactiveController;
  let push: PushToTalk;
  let settings: { -readonly [K in keyof PushToTalkSettings]: PushToTalkSettings[K] };
  let said: boolean[];
  let widget: HTMLButtonElement;
  let outside: HTMLInputElement;

  beforeEach(() => {
    host = Object.assign(document.createElement('div'), {
      addController: (one: ReactiveController) => (controller = one),
      removeController: () => undefined,
      requestUpdate: () => undefined,
      updateComplete: Promise.resolve(true),
    });
    settings = { keys: 'Backquote', mode: 'hold', scope: 'widget', talking: false };
    said = [];
    push = new PushToTalk(
      host,
      () => settings,
      (talking) => {
        settings.talking = talking;
        said.push(talking);
      },
    );
    controller.hostConnected?.();
    widget = document.createElement('button');
    outside = document.createElement('input');
    host.append(widget);
    document.body.append(host, outside);
    widget.focus();
  });

  afterEach(async () => {
    controller.hostDisconnected?.();
    host.remove();
    outside.remove();
    await sendMouse({ type: 'move', position: [0, 0] });
  });

  it('talks while the key is held, however often it repeats', async () => {
    await sendKeys({ down: '`' });
    await sendKeys({ down: '`' });
    expect(said).to.deep.equal([true]);
    await sendKeys({ up: '`' });
    expect(said).to.deep.equal([true, false]);
  });

  it('hears the keys of the frame in which it lies, but for what is typed there', () => {
    settings.scope = 'page';
    controller.hostDisconnected?.();
    const frame = document.body.appendChild(document.createElement('iframe'));
    const { body } = frame.contentDocument!;
    const field = body.appendChild(frame.contentDocument!.createElement('input'));
    body.append(host);
    controller.hostConnected?.();
    const key = (type: string, target: Element): boolean => target.dispatchEvent(new KeyboardEvent(type, { code: 'Backquote', bubbles: true, composed: true }));
    key('keydown', field);
    expect(said).to.deep.equal([]);
    key('keydown', body);
    expect(said).to.deep.equal([true]);
    key('keyup', body);
    expect(said).to.deep.equal([true, false]);
    frame.remove();
  });

  it('starts and stops by turns in toggle mode', async () => {
    settings.mode = 'toggle';
    await sendKeys({ press: '`' });
    expect(said).to.deep.equal([true]);
    await sendKeys({ press: '`' });
    expect(said).to.deep.equal([true, false]);
  });

  it('takes all keys of a combination, and ends with the first that goes up', async () => {
    settings.keys = 'ControlLeft+KeyB';
    await sendKeys({ down: 'b' });
    await sendKeys({ up: 'b' });
    expect(said).to.deep.equal([]);
    await sendKeys({ down: 'Control' });
    await sendKeys({ down: 'b' });
    expect(said).to.deep.equal([true]);
    await sendKeys({ up: 'Control' });
    expect(said).to.deep.equal([true, false]);
    await sendKeys({ up: 'b' });
    expect(said).to.deep.equal([true, false]);
  });

  it('leaves a combination with another modifier to others', async () => {
    await sendKeys({ down: 'Control' });
    await sendKeys({ press: '`' });
    await sendKeys({ up: 'Control' });
    expect(said).to.deep.equal([]);
  });

  it('counts in the widget alone, or everywhere, and never while typing', async () => {
    widget.blur();
    await sendKeys({ press: '`' });
    expect(said).to.deep.equal([]);
    settings.scope = 'page';
    await sendKeys({ press: '`' });
    expect(said).to.deep.equal([true, false]);
    outside.focus();
    await sendKeys({ press: '`' });
    expect(outside.value).to.equal('`');
    expect(said).to.deep.equal([true, false]);
  });

  it('leaves Space to the button that has the focus, unless a pointer brought it there', async () => {
    settings.keys = 'Space';
    let pressed = 0;
    widget.addEventListener('click', () => pressed++);
    await sendKeys({ press: 'Space' });
    expect([said, pressed]).to.deep.equal([[], 1]);
    const { x, y } = widget.getBoundingClientRect();
    await sendMouse({ type: 'click', position: [Math.ceil(x) + 2, Math.ceil(y) + 2] });
    expect(pressed).to.equal(2);
    await sendKeys({ press: 'Space' });
    expect([said, pressed]).to.deep.equal([[true, false], 2]);
  });

  for (const [what, happen] of [
    ['the window loses the focus', () => dispatchEvent(new Event('blur'))],
    ['the page is hidden', () => document.dispatchEvent(new Event('visibilitychange'))],
    ['the element goes away', () => controller.hostDisconnected?.()],
  ] as const)
    it(`is released when ${what}`, async () => {
      await sendKeys({ down: '`' });
      happen();
      expect(said).to.deep.equal([true, false]);
      await sendKeys({ up: '`' });
      expect(said).to.deep.equal([true, false]);
    });

  it('keeps what was latched on blur', async () => {
    settings.mode = 'toggle';
    await sendKeys({ press: '`' });
    dispatchEvent(new Event('blur'));
    expect(said).to.deep.equal([true]);
  });

  it('has a key on screen that talks while it is held, and that a lone click latches', async () => {
    widget.addEventListener('pointerdown', push.pointerdown);
    widget.addEventListener('pointerup', push.pointerup);
    widget.addEventListener('click', push.click);
    const { x, y } = widget.getBoundingClientRect();
    await sendMouse({ type: 'move', position: [Math.ceil(x) + 2, Math.ceil(y) + 2] });
    await sendMouse({ type: 'down' });
    expect(said).to.deep.equal([true]);
    await sendMouse({ type: 'up' });
    expect(said).to.deep.equal([true, false]);
    widget.click();
    expect(said).to.deep.equal([true, false, true]);
  });
});

describe('combinationOf', () => {
  it('reads codes between plus signs, each once, and nothing else', () => {
    expect(combinationOf('ControlLeft + Backquote+ControlLeft')).to.deep.equal(['ControlLeft', 'Backquote']);
    expect(combinationOf('')).to.deep.equal([]);
    expect(combinationOf('<b>')).to.deep.equal([]);
  });
});

describe('labelOf', () => {
  it('writes what stands on the keys', () => {
    expect(labelOf(['ControlLeft', 'Backquote'], en)).to.equal('Ctrl + `');
    expect(labelOf(['ShiftRight', 'KeyM'], en)).to.equal('Right Shift + M');
    expect(labelOf(['Space'], en)).to.equal('Space');
    expect(labelOf(['F9'], en)).to.equal('F9');
    expect(labelOf(['NumpadEnter'], en)).to.equal('Numpad Enter');
  });

  it('writes it in the words of the language', async () => {
    const words = async (language: string): Promise<string[]> => {
      const strings = { ...en, ...(await wordsOf(language, true)) };
      return ['Space', 'ControlRight', 'Numpad5'].map((code) => labelOf([code], strings));
    };
    expect(await words('de')).to.deep.equal(['Leertaste', 'Strg rechts', 'Ziffernblock 5']);
    expect(await words('fr')).to.deep.equal(['Espace', 'Ctrl droite', 'Pavé num. 5']);
    expect(await words('ja')).to.deep.equal(['スペース', '右 Ctrl', 'テンキー 5']);
  });

  it('writes what stands on the keys of this keyboard, where the browser tells', async () => {
    const azerty = [
      ['KeyQ', 'a'],
      ['Semicolon', 'm'],
      ['Minus', 'ß'],
    ] as const;
    const keyboard = (map: ReadonlyMap<string, string> | null): object => ({
      getLayoutMap: () => (map ? Promise.resolve(map) : Promise.reject(new Error('no'))),
    });
    try {
      Object.defineProperty(navigator, 'keyboard', { value: keyboard(new Map(azerty)), configurable: true });
      await readKeyboard();
      expect(azerty.map(([code]) => labelOf([code], en))).to.deep.equal(['A', 'M', 'ß']);
      Object.defineProperty(navigator, 'keyboard', { value: keyboard(null), configurable: true });
      await readKeyboard();
      expect(labelOf(['ControlLeft', 'KeyQ', 'KeyB'], en)).to.equal('Ctrl + A + B');
      Object.defineProperty(navigator, 'keyboard', { value: keyboard(new Map()), configurable: true });
      await readKeyboard();
      expect(labelOf(['KeyQ'], en)).to.equal('Q');
    } finally {
      Reflect.deleteProperty(navigator, 'keyboard');
    }
  });
});

describe('KeyRecorder', () => {
  const key = (type: string, code: string, name = code): KeyboardEvent => new KeyboardEvent(type, { code, key: name, cancelable: true });

  it('records what was held together when the first key goes up', () => {
    const shown: string[] = [];
    const done: (string | null)[] = [];
    const recorder = new KeyRecorder(
      (held) => shown.push(held.join(' + ')),
      (keys) => done.push(keys),
    );
    recorder.keydown(key('keydown', 'ControlLeft'));
    recorder.keydown(key('keydown', 'Backquote'));
    recorder.keyup(key('keyup', 'Backquote'));
    expect(shown).to.deep.equal(['ControlLeft', 'ControlLeft + Backquote']);
    expect(done).to.deep.equal(['ControlLeft+Backquote']);
  });

  it('is taken back by Escape and Tab, of which Tab goes on', () => {
    const done: (string | null)[] = [];
    const recorder = new KeyRecorder(
      () => undefined,
      (keys) => done.push(keys),
    );
    const tab = key('keydown', 'Tab');
    recorder.keydown(key('keydown', 'Escape'));
    recorder.keydown(tab);
    expect(done).to.deep.equal([null, null]);
    expect(tab.defaultPrevented).to.equal(false);
  });
});

// What a site's own script might do: say which room, and by which name. Runs before the component is loaded; nothing here is needed by it.
const query = new URLSearchParams(location.search);
const room = document.querySelector('vc-room');
const page = document.documentElement;

room.setAttribute('room', query.get('room') || 'lounge');
room.setAttribute('display-name', query.get('name') || rememberedName());
for (const name of ['listen-only', 'mic-muted', 'deafened', 'autojoin']) {
  if (query.has(name)) room.setAttribute(name, '');
}
for (const name of ['identity', 'lang', 'layout', 'preload', 'noise-suppression', 'token-cache', 'token-endpoint']) {
  if (query.get(name)) room.setAttribute(name, query.get(name));
}
if (query.get('dir') === 'rtl') page.dir = 'rtl';
if (['dark', 'light', 'brand'].includes(query.get('theme'))) page.dataset.theme = query.get('theme');
if (query.get('width') === 'narrow') page.dataset.width = 'narrow';

showSnippet();
showLinks();
letHear(document.querySelector('#preview'));
document.querySelector('#second').href = address({});
document.querySelector('script[type=module]').addEventListener('error', () => {
  document.querySelector('#missing').hidden = false;
  document.querySelector('#stage').hidden = true;
});

/** A friendly name for this tab: kept over a reload, new in a new tab and in a duplicated one. */
function rememberedName() {
  const reloaded = performance.getEntriesByType('navigation')[0]?.type === 'reload';
  const kept = reloaded ? sessionStorage.getItem('demo-name') : null;
  const name = kept ?? friendlyName();
  sessionStorage.setItem('demo-name', name);
  return name;
}

function friendlyName() {
  const first = ['Amber', 'Brisk', 'Calm', 'Deft', 'Early', 'Fair', 'Gentle', 'Happy', 'Ivory', 'Jolly', 'Keen', 'Lucid', 'Merry', 'Noble', 'Quiet', 'Sunny'];
  const second = [
    'Badger',
    'Crane',
    'Dolphin',
    'Finch',
    'Gecko',
    'Heron',
    'Ibis',
    'Koala',
    'Lark',
    'Marten',
    'Otter',
    'Panda',
    'Robin',
    'Seal',
    'Tern',
    'Wren',
  ];
  const [one, two] = crypto.getRandomValues(new Uint8Array(2));
  return `${first[one % first.length]} ${second[two % second.length]}`;
}

/** The tag as it stands here, and the script that brings it. */
function showSnippet() {
  const attributes = [...room.attributes].map(({ name, value }) => (value === '' ? name : `${name}="${value.replaceAll('"', '&quot;')}"`)).join('\n         ');
  document.querySelector('#snippet').textContent = `<script type="module" src="/dist/vc-room.js"><\/script>\n\n<vc-room ${attributes}></vc-room>`;
}

/** One's own voice, raw and clean. Nothing is opened before the button is pressed. */
function letHear(section) {
  const button = section.querySelector('button');
  const clean = section.querySelector('input');
  const loudness = section.querySelector('meter');
  const status = section.querySelector('[role=status]');
  const words = {
    rnnoise: 'RNNoise cleans your voice, in this page.',
    browser: 'Here your browser cleans what the microphone brings, so that both sound the same.',
    loading: 'Loading…',
    off: 'Nothing cleans your voice.',
  };
  let preview = null;

  const say = (text) => {
    if (status.textContent !== text) status.textContent = text;
  };
  const stop = () => {
    preview?.stop();
    preview = null;
    button.textContent = 'Hear myself';
    loudness.value = 0;
    say('');
  };
  const show = () => {
    if (!preview) return;
    // 60 dB below full scale is where the meter begins.
    loudness.value = Math.max(0, 1 + Math.log10(preview.level()) / 3);
    say(words[preview.activeNoiseSuppression]);
    requestAnimationFrame(show);
  };

  // Who is in the room wants to hear the others.
  const follow = () => {
    button.disabled = room.connectionState !== 'idle';
    if (button.disabled) stop();
  };

  button.addEventListener('click', async () => {
    if (preview) return stop();
    button.disabled = true;
    try {
      preview = await room.previewMicrophone();
      preview.setClean(clean.checked);
      button.textContent = 'Stop';
      show();
    } catch (error) {
      say(error.message);
    }
    follow();
    button.focus();
  });
  clean.addEventListener('change', () => preview?.setClean(clean.checked));
  room.addEventListener('connectionstatechange', follow);
}

function showLinks() {
  const variants = [
    ['As it comes', { theme: null, dir: null, width: null, 'listen-only': null }],
    ['Dark', { theme: 'dark' }],
    ['Light', { theme: 'light' }],
    ['In a brand’s colours', { theme: 'brand' }],
    ['Right to left', { dir: 'rtl' }],
    ['Narrow', { width: 'narrow' }],
    ['Listening only', { 'listen-only': '' }],
  ];
  const links = variants.map(([text, change]) => {
    const link = document.createElement('a');
    link.href = address(change);
    link.textContent = text;
    if (new URL(link.href).search === location.search) link.setAttribute('aria-current', 'page');
    const item = document.createElement('li');
    item.append(link);
    return item;
  });
  document.querySelector('#links').append(...links);
}

/** This page's address with some parameters changed; the name stays behind, since each tab is somebody else. */
function address(change) {
  const next = new URLSearchParams(query);
  next.delete('name');
  for (const [name, value] of Object.entries(change)) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  const search = next.toString().replace(/=(?=&|$)/g, '');
  return `${location.pathname}${search ? `?${search}` : ''}`;
}

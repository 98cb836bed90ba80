// React 19 (for React 18, set what is no text by a ref). In TypeScript add: import type {} from 'vc-room/react';
// `assets`: copy node_modules/vc-room/dist/worklets to public/vc-room/worklets; without it the browser's own noise suppression runs.
import 'vc-room/define';
import { useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';

function Call({ room }) {
  const element = useRef(null);
  const [state, setState] = useState('idle');
  const [people, setPeople] = useState([]);
  return (
    <section>
      <vc-room
        ref={element}
        token-endpoint="/api/token"
        assets="/vc-room/"
        room={room}
        onconnectionstatechange={(event) => setState(event.connectionState)}
        onparticipantschange={(event) => setPeople(event.remoteParticipants)}
        onerror={({ error }) => console.warn(`${error.code}: ${error.message}`)}
      />
      <p id="people">{people.map(({ name }) => name).join(', ')}</p>
      <button disabled={state === 'idle'} onClick={() => element.current.leave()}>
        Hang up
      </button>
    </section>
  );
}

createRoot(document.querySelector('#app')).render(<Call room="lounge" />);

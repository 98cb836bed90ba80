// React 19 (for React 18, set what is no text by a ref). In TypeScript add: import type {} from 'vc-room/react';
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

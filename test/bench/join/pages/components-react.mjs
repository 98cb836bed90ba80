import { LiveKitRoom, RoomAudioRenderer, useConnectionState } from '@livekit/components-react';
import { createElement, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { askForGrant, showJoined } from './baseline.js';

function Joined() {
  const state = useConnectionState();
  useEffect(() => {
    if (state === 'connected') showJoined();
  }, [state]);
  return null;
}

/** As LiveKit's documentation shows it. */
function Page() {
  const [grant, setGrant] = useState(null);
  window.leave = () => setGrant(null);
  if (!grant) return createElement('button', { onClick: () => void askForGrant().then(setGrant) }, 'Join');
  const how = { serverUrl: grant.server_url, token: grant.participant_token, connect: true, audio: true, video: false };
  return createElement(LiveKitRoom, how, createElement(RoomAudioRenderer), createElement(Joined));
}

createRoot(document.querySelector('main')).render(createElement(Page));

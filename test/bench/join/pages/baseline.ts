/** What every baseline page has: a grant from the endpoint, a button, and the word that it has joined. */
export interface Grant {
  readonly server_url: string;
  readonly participant_token: string;
}

declare global {
  interface Window {
    leave: () => void | Promise<void>;
  }
}

export async function askForGrant(): Promise<Grant> {
  const response = await fetch(`/token${location.search}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ room_name: document.body.dataset['room'], participant_identity: crypto.randomUUID(), participant_name: 'Ada' }),
  });
  return (await response.json()) as Grant;
}

/** Begins at the click, as pages do. */
export function onJoin(join: () => Promise<() => void | Promise<void>>): void {
  document.querySelector('button')?.addEventListener('click', () => {
    void join().then((leave) => (window.leave = leave));
  });
}

export function showJoined(): void {
  const said = document.createElement('p');
  said.dataset['joined'] = '';
  said.textContent = 'Joined';
  document.body.append(said);
}

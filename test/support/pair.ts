import assert from 'node:assert/strict';
import type { Network } from './network.js';
import type { Stage, Visit } from './stage.js';

/** Ada behind the network, Ben beside the server, once they hear each other. `before` runs in Ada's page ahead of everything else. */
export async function adaAndBen(stage: Stage, network: Network, before: string): Promise<readonly [Visit, Visit]> {
  const attributes = { 'token-endpoint': stage.endpoint.at('valid', network.url) };
  const visits = await Promise.all([stage.visit({ as: 'ada', attributes, before }), stage.visit({ as: 'ben' })]);
  await Promise.all(visits.map((visit) => visit.join()));
  await eachOther(visits);
  return visits;
}

export async function eachOther([ada, ben]: readonly [Visit, Visit]): Promise<void> {
  await Promise.all([ada.hears('ben'), ben.hears('ada')]);
}

/** Ms for which a server keeps whom it has only lost, at least. */
const ghostLives = 10_000;

/** Waits until the server knows one person alone, from now on; not for as long as one may take who left it without a word. */
export async function oneIsLeft(stage: Stage): Promise<void> {
  const left = Date.now();
  while ((await stage.participants()).length > 1) assert.ok(Date.now() - left < ghostLives, 'left without a word to the server');
}

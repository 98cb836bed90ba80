import type { TestRunnerPlugin } from '@web/test-runner';
import { startTestLiveKit } from './livekit.js';
import type { TestLiveKit } from './livekit.js';
import type { TokenWish } from './livekit-page.js';

/** A plugin of the test runner's server: starts a real LiveKit server beside it and answers what livekit-page.ts asks. */
export function liveKitPlugin(): TestRunnerPlugin {
  let running: TestLiveKit | undefined;

  const answer = async (path: string, body: string): Promise<object | undefined> => {
    if (!running) return undefined;
    const wish = JSON.parse(body) as TokenWish & { maxParticipants: number };
    switch (path) {
      case '/__livekit/url':
        return { url: running.url };
      case '/__livekit/token':
        return { token: await running.token(wish) };
      case '/__livekit/remove-participant':
        await running.rooms.removeParticipant(wish.room, wish.identity);
        return {};
      case '/__livekit/delete-room':
        await running.rooms.deleteRoom(wish.room);
        return {};
      case '/__livekit/create-room':
        await running.rooms.createRoom({ name: wish.room, maxParticipants: wish.maxParticipants });
        return {};
    }
    return undefined;
  };

  return {
    name: 'livekit',
    async serverStart() {
      running = await startTestLiveKit();
    },
    async serve(context) {
      if (!context.path.startsWith('/__livekit/') || context.method !== 'POST') return;
      let body = '';
      for await (const chunk of context.req) body += String(chunk);
      const result = await answer(context.path, body);
      return result && { body: JSON.stringify(result), type: 'application/json' };
    },
    async serverStop() {
      await running?.stop();
    },
  };
}

import type { TestRunnerPlugin } from '@web/test-runner';
import type { ChromeLauncher } from '@web/test-runner-chrome';

type Key = Parameters<ReturnType<ChromeLauncher['getPage']>['keyboard']['press']>[0];

/** The command `press-keys`: many keys, one after another, for one way to the runner and back. `Shift+Tab` holds the first. */
export function keysPlugin(): TestRunnerPlugin<readonly string[]> {
  return {
    name: 'keys',
    async executeCommand({ command, payload = [], session }) {
      if (command !== 'press-keys') return undefined;
      const { keyboard } = (session.browser as ChromeLauncher).getPage(session.id);
      for (const keys of payload) {
        const [last, ...held] = keys.split('+').reverse() as [Key, ...Key[]];
        for (const key of held) await keyboard.down(key);
        await keyboard.press(last);
        for (const key of held) await keyboard.up(key);
      }
      return true;
    },
  };
}

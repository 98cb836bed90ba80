/**
 * Ends a process when whoever started it is gone, however it went: `node guard.mjs <pid> <file or ''> [command argument...]`.
 * Its standard input is a pipe held by the starter; when that ends, the process (with its children) is killed, the file
 * removed, and the command run, where there is one.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

const [pid = '', litter, command, ...parameters] = process.argv.slice(2);

process.stdin.resume();
process.stdin.on('error', end);
process.stdin.on('end', end);

function end() {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', pid, '/T', '/F'], { windowsHide: true });
  } else {
    try {
      process.kill(-Number(pid), 'SIGKILL');
    } catch {
      // It is gone already, which is what was wanted.
    }
  }
  if (litter) rmSync(litter, { force: true });
  if (command) spawnSync(command, parameters, { stdio: 'ignore', windowsHide: true });
  process.exit(0);
}

// What stands around a worker: its requests come from here, and its environment is ours.
import { createServer } from 'node:http';
import worker from '../../demo/examples/worker-endpoint.mjs';

createServer(async (request, response) => {
  const { method, headers, url } = request;
  const body = method === 'POST' ? { body: request, duplex: 'half' } : {};
  const answer = await worker.fetch(new Request(`http://${headers.host}${url}`, { method, headers, ...body }), process.env);
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
}).listen(process.env.PORT);

/** Bare node:http that reads a body and answers 200: what the machine gives before any of our work. */
import { createServer } from 'node:http';

const ANSWER = Buffer.from('{"accepted":1,"duplicates":0,"rejected":0,"position":1}');

const server = createServer((call, answer) => {
  call.resume();
  call.on('end', () => {
    answer.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length });
    answer.end(ANSWER);
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as { port: number }).port));
process.on('disconnect', () => process.exit());

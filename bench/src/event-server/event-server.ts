import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

export interface EventServer {
  url: string;
  /** For the reports. */
  name: string;
  close(): Promise<void>;
}

const START_MS_MAX = 30_000;

/** The server at this connection string; without one, our own endpoint in a process of its own. */
export async function eventServer(url: string | undefined): Promise<EventServer> {
  if (url !== undefined)
    return { url, name: `the server at ${url.replace(/\/\/[^/@]*@/, '//')}`, close: () => Promise.resolve() };
  const child = fork(join(__dirname, 'endpoint-server.js'), { execArgv: [] });
  const port = await firstWord(child);
  const close = async (): Promise<void> => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.disconnect();
    await gone;
  };
  return { url: `esdb://127.0.0.1:${port}?tls=false`, name: 'the protocol endpoint (no real server)', close };
}

function firstWord(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('The endpoint did not start.')), START_MS_MAX);
    child.once('message', (port: number) => {
      clearTimeout(late);
      resolve(port);
    });
    child.once('exit', (code) => reject(new Error(`The endpoint ended with code ${code}.`)));
  });
}

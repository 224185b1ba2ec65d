/** Stands between a client and a server, passes bytes on, and on demand does not: the faults of a network, with real sockets. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Pipe {
  client: Socket;
  server: Socket;
  /** What is held back of what each end sent. */
  held: { toServer: Buffer[]; toClient: Buffer[] };
  frozen: { toServer: boolean; toClient: boolean };
}

export class TcpProxy {
  /** How many connections were ever made. */
  made = 0;
  /** New connections are closed at once. */
  refuses = false;
  /** Each piece of an answer comes so many ms late. */
  delayMs = 0;
  private readonly pipes = new Set<Pipe>();

  private constructor(
    private readonly listener: Server,
    private readonly target: { host: string; port: number },
  ) {
    listener.on('connection', (client) => this.accept(client));
  }

  static async before(target: { host: string; port: number }): Promise<TcpProxy> {
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return new TcpProxy(listener, target);
  }

  get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  get open(): number {
    return this.pipes.size;
  }

  /** From now on nothing goes through the connections that are open now; new ones are well. */
  freeze(directions: ('toServer' | 'toClient')[] = ['toServer', 'toClient']): void {
    for (const pipe of this.pipes) for (const direction of directions) pipe.frozen[direction] = true;
  }

  /** What was held back goes on. */
  thaw(): void {
    for (const pipe of this.pipes) {
      for (const bytes of pipe.held.toServer.splice(0)) pipe.server.write(bytes);
      for (const bytes of pipe.held.toClient.splice(0)) pipe.client.write(bytes);
      pipe.frozen = { toServer: false, toClient: false };
    }
  }

  /** Every open connection breaks, with what was held back lost. */
  cut(): void {
    for (const { client, server } of this.pipes) {
      client.resetAndDestroy();
      server.destroy();
    }
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.listener.close(() => resolve()));
  }

  private accept(client: Socket): void {
    if (this.refuses) return void client.resetAndDestroy();
    this.made++;
    const server = connect(this.target);
    const pipe: Pipe = {
      ...{ client, server },
      held: { toServer: [], toClient: [] },
      frozen: { toServer: false, toClient: false },
    };
    this.pipes.add(pipe);
    client.on('data', (bytes) => this.pass(pipe, 'toServer', bytes));
    server.on('data', (bytes) => this.pass(pipe, 'toClient', bytes));
    for (const [end, other] of [
      [client, server],
      [server, client],
    ] as const) {
      end.on('error', () => other.destroy());
      end.on('close', () => {
        other.destroy();
        this.pipes.delete(pipe);
      });
    }
  }

  private pass(pipe: Pipe, direction: 'toServer' | 'toClient', bytes: Buffer): void {
    const to = direction === 'toServer' ? pipe.server : pipe.client;
    if (pipe.frozen[direction]) pipe.held[direction].push(bytes);
    else if (this.delayMs > 0 && direction === 'toClient') setTimeout(() => to.write(bytes), this.delayMs);
    else to.write(bytes);
  }
}

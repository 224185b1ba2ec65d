/** A subscriber to the stage changes: a plain HTTP request whose events are read line by line. */
import { request, type ClientRequest } from 'node:http';

const CUSTOMER = /"customerId":"c-(\d+)"/;

export class ChangeListener {
  private constructor(private readonly call: ClientRequest) {}

  static open(port: number, onChange: (customer: number) => void): Promise<ChangeListener> {
    return new Promise((resolve, reject) => {
      const headers = { accept: 'text/event-stream' };
      const call = request({ host: '127.0.0.1', port, path: '/v1/stage-changes/stream', headers }, (answer) => {
        if (answer.statusCode !== 200) return reject(new Error(`The stream answered ${answer.statusCode}.`));
        readEvents(answer, onChange);
        resolve(new ChangeListener(call));
      });
      call.on('error', reject);
      call.end();
    });
  }

  close(): void {
    this.call.destroy();
  }
}

function readEvents(answer: NodeJS.ReadableStream, onChange: (customer: number) => void): void {
  let rest = '';
  answer.setEncoding('utf8');
  answer.on('error', () => {
    // Closing the subscriber ends the answer with an error: that is how it is meant to end.
  });
  answer.on('data', (piece: string) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const customer = line.startsWith('data:') ? CUSTOMER.exec(line)?.[1] : undefined;
      if (customer !== undefined) onChange(Number(customer));
    }
  });
}

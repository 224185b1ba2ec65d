import { request } from 'node:http';
import type { ChangeItem } from './answers.types';

/** Reads a stream until as many changes came as wanted. */
export function changesOf(
  url: string,
  path: string,
  wanted: number,
  headers: { [name: string]: string } = {},
  opened?: () => void,
): Promise<ChangeItem[]> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}${path}`, { headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        const blocks = text.split('\n\n');
        const changes = blocks.slice(0, -1).flatMap((block) => /^data: (.*)$/m.exec(block)?.[1] ?? []);
        if (changes.length < wanted) return;
        asked.destroy();
        resolve(changes.map((line) => JSON.parse(line) as ChangeItem));
      });
      response.on('close', () => reject(new Error(`The stream ended after ${text.length} characters.`)));
      opened?.();
    });
    asked.on('error', reject);
    asked.end();
  });
}

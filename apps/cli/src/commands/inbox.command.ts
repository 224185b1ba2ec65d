/** `rapport inbox`: messages that lie beside a store, as the demo's inbox or the sandbox have taken them. */
import { CommandFailed, EXIT, type ExitCode } from '../exit-code';
import { type InboxMessage, messagesIn } from '../inbox/inbox-files';
import { say } from '../output/notes';
import { formatMoment, plural, printable, table } from '../output/table';
import { requireStore } from '../target/open-target';
import { readStoreOptions } from '../target/store-options';
import type { JsonFlags } from './operations.commands';

export function inbox(name: string | undefined, flags: JsonFlags & { limit: number }): ExitCode {
  const { data } = readStoreOptions(flags);
  requireStore(data);
  const messages = messagesIn(data);
  if (name === undefined) {
    const newest = messages.slice(-flags.limit).reverse();
    say(flags.json ? JSON.stringify({ items: newest, total: messages.length }) : listText(newest, messages.length));
    return EXIT.ok;
  }
  const wanted = /^\d+$/.test(name) ? `inbox/${name}` : name;
  const message = messages.find((one) => one.name === wanted);
  if (!message)
    throw new CommandFailed(
      EXIT.notFound,
      `There is no message ${printable(wanted)} beside ${data}. See: rapport inbox`,
    );
  say(flags.json ? JSON.stringify(message) : messageText(message));
  return EXIT.ok;
}

function listText(messages: readonly InboxMessage[], total: number): string {
  if (total === 0) return 'No message lies beside this store.';
  const rows = messages.map(({ name, at, channel, to, subject }) => [
    name,
    formatMoment(new Date(at).toISOString()),
    channel,
    to,
    subject,
  ]);
  const header = ['message', 'arrived', 'by', 'to', 'subject'];
  return [table(header, rows), `${plural(total, 'message')}. Read one: rapport inbox ${messages[0]?.name ?? ''}`].join(
    '\n',
  );
}

function messageText({ to, subject, at, action, text }: InboxMessage): string {
  const head = [`To: ${to}`, `Subject: ${subject}`, `Arrived: ${new Date(at).toISOString()}`, `Action: ${action}`];
  return [...head.map(printable), '', ...text.trimEnd().split('\n').map(printable)].join('\n');
}
